import type { HelpdeskConfig } from '../../server/helpdesk/open.ts'

/** The settings of a helpdesk of our own. */
export const EMBEDDED: HelpdeskConfig = {
  DATA_DIR: '/nonexistent',
  HELPDESK_URL: '',
  HELPDESK_APP_TOKEN: '',
  HELPDESK_TIMEOUT_SECONDS: 10,
  SESSION_HOURS: 10,
  SESSION_IDLE_MINUTES: 24,
}
