// @ts-check
// Every picture a message shows, wherever Discord keeps it: attachments, components, embeds, forwards.

/**
 * @typedef {import("../core/types.js").Message} Message
 * @typedef {import("../core/types.js").Picture} Picture
 * @typedef {import("../core/types.js").Component} Component
 * @typedef {import("../core/types.js").Attachment} Attachment
 * @typedef {import("../core/types.js").Media} Media
 */

const PICTURE_NAME = /\.(png|jpe?g|webp|gif|avif)$/i;
const VERSION = /^(?:SPOILER_)?easel-(?:.*-)?(v\d{1,6})\.\w+$/;

/** Whether it is shown as one; an empty one, whose size nobody could read, is a file. @param {Attachment} file */
export function isPicture(file) {
  if (!file.width && file.content_type !== "image/avif") return false; // AVIF is not measured, but browsers show it
  return file.content_type
    ? /^image\/(png|jpe?g|webp|gif|avif)/.test(file.content_type)
    : PICTURE_NAME.test(file.filename);
}

/**
 * The pictures of a message in the order they are shown.
 * @param {Message} message
 * @returns {Picture[]}
 */
export function picturesOf(message) {
  const found = [
    ...(message.attachments ?? []).filter(isPicture).map(fromAttachment),
    ...(message.message_snapshots ?? []).flatMap((snapshot) => picturesOf(snapshot.message)),
    ...inside(message.components ?? []),
    ...(message.embeds ?? []).flatMap((embed) =>
      [embed.image, embed.thumbnail]
        .filter((media) => media !== undefined)
        .map((media) => fromMedia(media, null, false)),
    ),
  ];
  return found.map((picture) => ({
    ...picture,
    messageId: message.id,
    channelId: message.channel_id,
    version: message.author?.bot ? versionIn(picture.name) : null,
  }));
}

/** @param {Attachment} file @returns {Picture} */
function fromAttachment(file) {
  return picture(file.url, file.description, file.filename, {
    width: file.width,
    height: file.height,
    spoiler: file.filename.startsWith("SPOILER_"),
  });
}

/** @param {Media} media @param {string | null | undefined} alt @param {boolean} spoiler @returns {Picture} */
function fromMedia(media, alt, spoiler) {
  const name = media.url.split("?")[0].split("/").pop() ?? "picture";
  return picture(media.url, alt, name, { width: media.width, height: media.height, spoiler });
}

/**
 * @param {string} url
 * @param {string | null | undefined} alt
 * @param {string} name
 * @param {{width?: number | null, height?: number | null, spoiler: boolean}} about
 * @returns {Picture}
 */
function picture(url, alt, name, { width, height, spoiler }) {
  return {
    url,
    alt: alt ?? "",
    name,
    spoiler,
    width: width ?? 0,
    height: height ?? 0,
    messageId: "",
    channelId: "",
    version: null,
  };
}

/** @param {Component[]} components @returns {Picture[]} */
function inside(components) {
  return components.flatMap((component) => [
    ...(component.items ?? []).map((item) => fromMedia(item.media, item.description, Boolean(item.spoiler))),
    ...(component.media && component.type === 11
      ? [fromMedia(component.media, component.description, Boolean(component.spoiler))]
      : []),
    ...inside(component.components ?? []),
    ...(component.accessory ? inside([component.accessory]) : []),
  ]);
}

/** All words of a message, its components' included. @param {Message} message @returns {string} */
export function textOf(message) {
  return [
    message.content,
    ...(message.message_snapshots?.map((snapshot) => textOf(snapshot.message)) ?? []),
    ...words(message.components ?? []),
  ]
    .filter(Boolean)
    .join("\n");
}

/** @param {Component[]} components @returns {string[]} */
function words(components) {
  return components.flatMap((component) => [
    ...(component.type === 10 ? [component.content ?? ""] : []),
    ...words(component.components ?? []),
  ]);
}

/** The version that the name of a painted file carries. @param {string} name */
export function versionIn(name) {
  return VERSION.exec(name)?.[1] ?? null;
}
