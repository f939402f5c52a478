const closing: (() => unknown)[] = []

/**
 * Has something closed after the test file that is running, the last that was opened first. Files share their modules, so
 * that a module's own `afterAll` would belong to the first file that loads it.
 */
export function closeAfterFile(close: () => unknown): void {
  closing.push(close)
}

/** Closes it; called by test/support/file-end.ts. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close()
}
