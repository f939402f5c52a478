/** Throws an Error that names the sizes when the desk has grown past its budget. */
export function demandSmallPages(outDir: string): void
