// Placeholders that a phone system sent unfilled: ${CALLERID(num):1} {number1} [Number1] $var1 %PFANI1%
const PLACEHOLDER = /\$?\{[^}]*\}+|\[\p{L}[^\]\s]*\]|\$\p{L}\w*\$?|%[a-z_]\w*%/giu

/**
 * A telephone field, or a caller's number as a phone system sent it, cut into pieces that each hold one number or
 * text around one. Takes what telephony adds off: SIP and tel URIs, display names, hosts, parameters, placeholders.
 */
export function splitPhoneField(raw: string): string[] {
  return raw
    .replace(/[\uFF01-\uFF5E]/g, (fullWidth) => fullWidth.normalize('NFKC'))
    .replace(/\p{Cf}/gu, '') // the direction marks that copying from a contact list brings along
    .replace(/%2b/gi, '+')
    .replace(PLACEHOLDER, ' ')
    .replace(/"[^"]*"\s*(?=<)/g, ' ') // "Display name" <sip:…>
    .replace(/@[^\s<>,]*/g, ' ') // a host may be an address full of digits, then ;user=phone
    .replace(/;(?!ext=)[a-z-]+=[^\s;,>]*/gi, ' ') // tel:…;phone-context=+33, but ;ext=12 is a piece of its own
    .replace(/(?<=[0-9]\s*)\(([0-9]{2,6})\)(?=\s*(?:[;,|/]|$))/g, ' ext $1') // 01 23 45 67 89 (4521)
    .split(/[;,|\r\n]|\s(?:ou|or|et|&)\s/i)
}
