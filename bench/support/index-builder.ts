import { setTimeout as sleep } from 'node:timers/promises'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { openStorage } from '../../server/storage/storage.ts'
import { indexOf } from './hosts.ts'

// Builds the index, or waits for its turn; tells how far it is.
const { DATABASE_URL } = JSON.parse(process.argv[2] ?? '{}')
const storage = await openStorage(DATABASE_URL)
while (!(await bringUpToDate(indexOf(storage), ({ done }) => process.send?.(done)))) await sleep(500)
process.send?.('whole')
await storage.close()
