import { createInterface } from 'node:readline'

/** Where a demo says that it runs, from its standard output. */
export async function demoAddress(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const [, address] = /runs at (http:\S+)/.exec(line) ?? []
    if (address !== undefined) return address
  }
  throw new Error('the demo did not start')
}
