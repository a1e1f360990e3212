// @ts-check
// The shapes of Discord's objects as far as the page reads them. Types only; nothing runs here.

/**
 * @typedef {{id: string, username: string, global_name?: string | null, bot?: boolean}} User
 * @typedef {{id: string, name: string, color: number, permissions: string, position: number}} Role
 * @typedef {{user?: User, roles: string[], nick?: string | null}} GuildMember
 * @typedef {{archived: boolean, locked: boolean, auto_archive_duration: number, archive_timestamp?: string}} ThreadMetadata
 * @typedef {{id: string, type: number, name?: string, parent_id?: string | null, position?: number, topic?: string | null,
 *   nsfw?: boolean, guild_id?: string, last_message_id?: string | null, owner_id?: string, message_count?: number,
 *   thread_metadata?: ThreadMetadata, recipients?: User[], available_tags?: {id: string, name: string}[],
 *   applied_tags?: string[], newly_created?: boolean,
 *   permission_overwrites?: {id: string, type: number, allow: string, deny: string}[]}} Channel
 * @typedef {{id: string, filename: string, size: number, url: string, proxy_url?: string, content_type?: string,
 *   width?: number | null, height?: number | null, description?: string | null}} Attachment
 * @typedef {{id?: string | null, name: string}} EmojiRef
 * @typedef {{emoji: EmojiRef, count: number, me: boolean}} Reaction
 * @typedef {{label: string, value: string, description?: string, default?: boolean, emoji?: EmojiRef}} Option
 * @typedef {{url: string, width?: number | null, height?: number | null, attachment_id?: string}} Media
 * @typedef {{media: Media, description?: string | null, spoiler?: boolean}} GalleryItem
 * @typedef {{type: number, id?: number, custom_id?: string, style?: number, label?: string, description?: string | null,
 *   emoji?: EmojiRef, url?: string, disabled?: boolean, options?: Option[], placeholder?: string, min_values?: number,
 *   max_values?: number, min_length?: number, max_length?: number, required?: boolean, value?: string, content?: string,
 *   components?: Component[], component?: Component, accessory?: Component, items?: GalleryItem[], media?: Media,
 *   spoiler?: boolean, accent_color?: number | null, divider?: boolean, spacing?: number, file?: Media, name?: string,
 *   size?: number, default?: boolean, default_values?: {id: string, type: string}[], channel_types?: number[]}} Component
 * @typedef {{title?: string, description?: string, url?: string, color?: number, image?: Media, thumbnail?: Media,
 *   footer?: {text: string}, author?: {name: string}, fields?: {name: string, value: string, inline?: boolean}[]}} Embed
 * @typedef {{type?: number, message_id?: string, channel_id?: string, guild_id?: string}} Reference
 * @typedef {{id: string, type: number, channel_id: string, guild_id?: string, author: User, member?: GuildMember,
 *   content: string, timestamp: string, edited_timestamp: string | null, attachments: Attachment[], embeds: Embed[],
 *   components: Component[], mentions: User[], mention_roles?: string[], reactions?: Reaction[], flags?: number,
 *   pinned?: boolean, message_reference?: Reference, referenced_message?: Message | null,
 *   message_snapshots?: {message: Message}[], thread?: Channel, nonce?: string | number,
 *   interaction_metadata?: {id: string, type: number, user: User, name?: string}, application_id?: string}} FullMessage
 * @typedef {{progress: number | null, error: string | null, previews: {url: string, name: string}[]}} Sending
 * @typedef {FullMessage & {sending?: Sending}} Message
 * @typedef {{type: number, name: string, description: string, required?: boolean, choices?: {name: string, value: string | number}[],
 *   autocomplete?: boolean, min_value?: number, max_value?: number, min_length?: number, max_length?: number,
 *   channel_types?: number[], options?: CommandOption[]}} CommandOption
 * @typedef {{id: string, application_id: string, version: string, type?: number, name: string, description?: string,
 *   options?: CommandOption[]}} Command
 * @typedef {{id: string, name: string, roles: Role[], channels: Channel[], threads: Channel[], members: GuildMember[], owner_id?: string}} Guild
 * @typedef {{id: string, nonce?: string, custom_id: string, title: string, components: Component[], channel_id?: string}} Modal
 * @typedef {{id: string, name: string, token: string, colour: string, roles: string[]}} Persona
 * @typedef {{user_id: string, application_id: string, running: boolean, controllable?: boolean}} BotState
 * @typedef {{name: string, note: string, seconds: number}} Painter
 * @typedef {{guild_id: string, bot: BotState, members: Persona[], painter: Painter}} Setup
 * @typedef {{url: string, alt: string, width: number, height: number, spoiler: boolean, name: string, messageId: string, channelId: string,
 *   version: string | null}} Picture
 */

export {};
