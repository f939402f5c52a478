// The stand-in host as a process of its own: `DATABASE_URL=mysql://… node test/host/main.ts` prints its address. SEED=1 makes
// the tables first. PORT and SUB_DIRECTORY as they are named.
import { startHost } from './host.ts'
import { seedHost } from './seed.ts'

const { DATABASE_URL = '', SEED, PORT = '0', SUB_DIRECTORY = '' } = process.env
if (SEED === '1') await (await seedHost(DATABASE_URL)).db.close()
const host = await startHost({ databaseUrl: DATABASE_URL, subDirectory: SUB_DIRECTORY, port: Number(PORT) })
console.log(host.url)
process.once('SIGTERM', () => {
  host.stop().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
})
