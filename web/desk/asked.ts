/** What the desk was opened on: the address that a telephone system pops, or nothing. */
export interface Asked {
  by: 'rio' | 'phone'
  text: string
  /** Whether the telephone system has sent the name of a variable instead of what is in it. */
  unfilled: boolean
}

const UNFILLED = /^(\$\{.*\}|\$\(.*\)|\$\w+|\[.*\]|\{.*\}|%\w+%|#\w+#|<.*>)$/

/** `rio` or `phone` of the address; a RIO counts where both are given. Null where neither is. */
export function readAsked({ rio, phone }: { rio: string; phone: string }): Asked | null {
  const by = rio.trim() === '' ? 'phone' : 'rio'
  const text = by === 'rio' ? rio.trim() : cleanNumber(phone)
  return text === '' ? null : { by, text, unfilled: UNFILLED.test(text) }
}

/** A number as telephones send it: a SIP address, or a `+` that the address has made a space of. */
function cleanNumber(phone: string): string {
  const bare = phone.trim()
  const number = /^ \d/.test(phone) ? `+${bare}` : bare
  return /^(?:sips?|tel):([^@;]+)/i.exec(number)?.[1] ?? number
}

/** What somebody who finds nobody has probably typed: it says what a new user gets. */
export function guessKind(typed: string): 'rio' | 'phone' | 'name' {
  const bare = typed.replace(/[\s.\-/()]/g, '')
  if (/^(\+|00)\d{6,}$/.test(bare) || /^0\d{9}$/.test(bare)) return 'phone'
  return /\d/.test(bare) && !typed.includes('@') ? 'rio' : 'name'
}
