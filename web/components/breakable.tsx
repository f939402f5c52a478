/** Logins and addresses break after a dot or an `@`, where they must. */
export const breakable = (text: string) =>
  text.split(/(?<=[@.])/).map((part, at) => (at === 0 ? part : [<wbr key={at} />, part]))
