import { convert } from 'html-to-text'

/** What an editor makes; plain text that says `a < b` has none of it. */
const MARKUP = /<\/?[a-z][^<>]*>/i

/** A ticket's text as the host keeps it, HTML once it is decoded, as plain text; text without markup stays as it is. */
export function plainText(decoded: string): string {
  if (!MARKUP.test(decoded)) return decoded
  return convert(decoded, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      // The host's own pages show pictures, to those who may see them.
      { selector: 'img', format: 'skip' },
    ],
  })
}
