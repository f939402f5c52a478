import { openHelpdesk } from '../helpdesk/open.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage } from '../storage/storage.ts'
import { ENGINE, RELEASE, STORE } from './database.ts'
import { type Finding, runChecks, statusOf } from './finding.ts'
import { examineHost } from './host.ts'
import { INDEX } from './index-checks.ts'
import { MACHINE, type Machine } from './machine.ts'
import { RECORDS } from './records.ts'

/**
 * Looks at everything that can be wrong with an installation, and changes nothing; a server may run. What stands on
 * something that is broken is not looked at: its findings would only repeat that.
 */
export async function examine(machine: Machine): Promise<Finding[]> {
  const findings = await runChecks(MACHINE, machine)
  const store = await runChecks(STORE, machine)
  findings.push(...store)
  if (statusOf(store) === 'problem') return findings
  const storage = await openStorage(machine.config.DATABASE_URL, {
    readOnly: true,
    patient: machine.thorough,
  })
  try {
    const engine = await runChecks(ENGINE, { ...machine, storage })
    findings.push(...engine)
    if (statusOf(engine) === 'problem') return findings
    if (machine.config.HELPDESK_URL !== '') findings.push(...(await examineHost(machine, storage)))
    const release = await runChecks(RELEASE, { ...machine, storage })
    findings.push(...release)
    if (statusOf(release) === 'problem') return findings
    const settings = createSettings(storage)
    const helpdesk = await openHelpdesk(machine.config, storage, settings)
    const { entityTree, decodeText } = helpdesk
    const { thorough } = machine
    findings.push(...(await runChecks(INDEX, { storage, settings, entityTree, decodeText, thorough })))
    findings.push(...(await runChecks(RECORDS, { storage, settings, helpdesk })))
    return findings
  } finally {
    await storage.close()
  }
}
