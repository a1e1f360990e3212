// @ts-check
// The shapes of Discord's objects as far as the page reads them. Types only; nothing runs here.

/**
 * @typedef {{id: string, username: string, global_name?: string | null, bot?: boolean}} User
 */

/**
 * @typedef {{id: string, name: string, color: number, permissions: string, position: number}} Role
 */

/**
 * @typedef {{user?: User, roles: string[], nick?: string | null}} GuildMember
 */

/**
 * @typedef {object} ThreadMetadata
 * @property {boolean} archived
 * @property {boolean} locked
 * @property {number} auto_archive_duration
 * @property {string} [archive_timestamp]
 */

/**
 * @typedef {object} Channel
 * @property {string} id
 * @property {number} type
 * @property {string} [name]
 * @property {string | null} [parent_id]
 * @property {number} [position]
 * @property {string | null} [topic]
 * @property {boolean} [nsfw]
 * @property {string} [guild_id]
 * @property {string | null} [last_message_id]
 * @property {string} [owner_id]
 * @property {number} [message_count]
 * @property {ThreadMetadata} [thread_metadata]
 * @property {User[]} [recipients]
 * @property {{id: string, name: string}[]} [available_tags]
 * @property {string[]} [applied_tags]
 * @property {boolean} [newly_created]
 * @property {{id: string, type: number, allow: string, deny: string}[]} [permission_overwrites]
 */

/**
 * @typedef {object} Attachment
 * @property {string} id
 * @property {string} filename
 * @property {number} size
 * @property {string} url
 * @property {string} [proxy_url]
 * @property {string} [content_type]
 * @property {number | null} [width]
 * @property {number | null} [height]
 * @property {string | null} [description]
 */

/**
 * @typedef {{id?: string | null, name: string}} EmojiRef
 */

/**
 * @typedef {{emoji: EmojiRef, count: number, me: boolean}} Reaction
 */

/**
 * @typedef {object} Option
 * @property {string} label
 * @property {string} value
 * @property {string} [description]
 * @property {boolean} [default]
 * @property {EmojiRef} [emoji]
 */

/**
 * @typedef {object} Media
 * @property {string} url
 * @property {number | null} [width]
 * @property {number | null} [height]
 * @property {string} [attachment_id]
 */

/**
 * @typedef {{media: Media, description?: string | null, spoiler?: boolean}} GalleryItem
 */

/**
 * @typedef {object} Component
 * @property {number} type
 * @property {number} [id]
 * @property {string} [custom_id]
 * @property {number} [style]
 * @property {string} [label]
 * @property {string | null} [description]
 * @property {EmojiRef} [emoji]
 * @property {string} [url]
 * @property {boolean} [disabled]
 * @property {Option[]} [options]
 * @property {string} [placeholder]
 * @property {number} [min_values]
 * @property {number} [max_values]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {boolean} [required]
 * @property {string} [value]
 * @property {string} [content]
 * @property {Component[]} [components]
 * @property {Component} [component]
 * @property {Component} [accessory]
 * @property {GalleryItem[]} [items]
 * @property {Media} [media]
 * @property {boolean} [spoiler]
 * @property {number | null} [accent_color]
 * @property {boolean} [divider]
 * @property {number} [spacing]
 * @property {Media} [file]
 * @property {string} [name]
 * @property {number} [size]
 * @property {boolean} [default]
 * @property {{id: string, type: string}[]} [default_values]
 * @property {number[]} [channel_types]
 */

/**
 * @typedef {object} Embed
 * @property {string} [title]
 * @property {string} [description]
 * @property {string} [url]
 * @property {number} [color]
 * @property {Media} [image]
 * @property {Media} [thumbnail]
 * @property {{text: string}} [footer]
 * @property {{name: string}} [author]
 * @property {{name: string, value: string, inline?: boolean}[]} [fields]
 */

/**
 * @typedef {{type?: number, message_id?: string, channel_id?: string, guild_id?: string}} Reference
 */

/**
 * @typedef {object} FullMessage
 * @property {string} id
 * @property {number} type
 * @property {string} channel_id
 * @property {string} [guild_id]
 * @property {User} author
 * @property {GuildMember} [member]
 * @property {string} content
 * @property {string} timestamp
 * @property {string | null} edited_timestamp
 * @property {Attachment[]} attachments
 * @property {Embed[]} embeds
 * @property {Component[]} components
 * @property {User[]} mentions
 * @property {string[]} [mention_roles]
 * @property {Reaction[]} [reactions]
 * @property {number} [flags]
 * @property {boolean} [pinned]
 * @property {Reference} [message_reference]
 * @property {Message | null} [referenced_message]
 * @property {{message: Message}[]} [message_snapshots]
 * @property {Channel} [thread]
 * @property {string | number} [nonce]
 * @property {{id: string, type: number, user: User, name?: string}} [interaction_metadata]
 * @property {string} [application_id]
 */

/**
 * @typedef {object} Sending
 * @property {number | null} progress
 * @property {string | null} error
 * @property {{url: string, name: string}[]} previews
 */

/**
 * @typedef {FullMessage & {sending?: Sending}} Message
 */

/**
 * @typedef {object} CommandOption
 * @property {number} type
 * @property {string} name
 * @property {string} description
 * @property {boolean} [required]
 * @property {string} [name_localized] in the reader's language
 * @property {string} [description_localized]
 * @property {{name: string, name_localized?: string, value: string | number}[]} [choices]
 * @property {boolean} [autocomplete]
 * @property {number} [min_value]
 * @property {number} [max_value]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {number[]} [channel_types]
 * @property {CommandOption[]} [options]
 */

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {string} application_id
 * @property {string} version
 * @property {number} [type]
 * @property {string} name
 * @property {string} [name_localized] in the reader's language
 * @property {string} [description]
 * @property {string} [description_localized]
 * @property {CommandOption[]} [options]
 */

/**
 * @typedef {object} Guild
 * @property {string} id
 * @property {string} name
 * @property {Role[]} roles
 * @property {Channel[]} channels
 * @property {Channel[]} threads
 * @property {GuildMember[]} members
 * @property {string} [owner_id]
 */

/**
 * @typedef {object} Modal
 * @property {string} id
 * @property {string} [nonce]
 * @property {string} custom_id
 * @property {string} title
 * @property {Component[]} components
 * @property {string} [channel_id]
 */

/**
 * @typedef {{id: string, name: string, token: string, locale: string, colour: string, roles: string[]}} Persona
 */

/**
 * @typedef {object} BotState
 * @property {string} user_id
 * @property {string} application_id
 * @property {boolean} running
 * @property {boolean} [controllable]
 */

/**
 * @typedef {{name: string, note: string, seconds: number}} Painter
 */

/**
 * @typedef {{guild_id: string, bot: BotState, members: Persona[], painter: Painter}} Setup
 */

/**
 * @typedef {object} Picture
 * @property {string} url
 * @property {string} alt
 * @property {number} width
 * @property {number} height
 * @property {boolean} spoiler
 * @property {string} name
 * @property {string} messageId
 * @property {string} channelId
 * @property {string | null} version
 */

export {};
