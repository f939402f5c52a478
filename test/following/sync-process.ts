// A directory sync: a script of the host's in a process of its own, which gives everybody the number of the next.
import { openHost } from './host.ts'
import { type Change, REPORTED } from './sync-report.ts'

const [url = '', people = '0', rounds = '1'] = process.argv.slice(2)
const host = await openHost(url)
// It began an hour ago, and so is everything dated that it writes.
const script = host.request(-3600)
const count = Number(people)
let changes: Change[] = []
for (let round = 1; round <= Number(rounds); round++) {
  for (let id = 1; id <= count; id++) {
    const number = (id + round) % count
    const began = process.hrtime.bigint()
    await script.change(id, {
      phone: `01 ${String(number).padStart(8, '0')}`,
      registration_number: String(1_000_000 + number),
    })
    changes.push({ id, number, began, ended: process.hrtime.bigint() })
    // What is in step with the directory already gets a new date, and no history.
    if (id % 10 === 0) await script.updateRow(id, {})
    if (changes.length === REPORTED) report()
  }
}
report()
await host.close()
process.disconnect?.()

function report(): void {
  process.send?.(changes)
  changes = []
}
