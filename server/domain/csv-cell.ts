/**
 * A cell that begins like this is a formula to a spreadsheet, whatever is written around it; and a tab or line break
 * there moves what follows into another cell.
 */
const FORMULA = /^(?:[\s']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|'*[\t\r\n])/

/**
 * The cell with an apostrophe before what a spreadsheet would compute: it then shows the text and runs nothing. Numbers
 * such as `+33 1 …` get one too, since a spreadsheet would make a sum of them.
 */
export function guardCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}

/** Takes off exactly what {@link guardCell} puts on, so that what was exported is imported as it was. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell
}
