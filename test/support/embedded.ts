import { readConfig } from '../../server/config.ts'

/** The settings of a helpdesk of our own, whatever the environment says. */
export const EMBEDDED = readConfig({}, { DATA_DIR: '/nonexistent' })
