import { convert } from 'html-to-text'

/** What an editor or a mail brings; the host, too, takes text without any of these for plain. */
const MARKUP = /<\/?(?:p|br|div|span|table|ul|ol|li|h[1-6]|blockquote|pre|html|body)(?:\s[^<>]*)?\/?>/i

/** Mails nest deeply, but not so; the converter goes down by recursion, and a mail made for it would exhaust the stack. */
const MAX_DEPTH = 500

/** A ticket's text as the host keeps it, HTML once it is decoded, as plain text; text without markup stays as it is. */
export function plainText(decoded: string): string {
  if (!MARKUP.test(decoded)) return decoded
  return convert(decoded, {
    wordwrap: false,
    limits: { maxDepth: MAX_DEPTH },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      // The host's own pages show pictures, to those who may see them.
      { selector: 'img', format: 'skip' },
    ],
  })
}
