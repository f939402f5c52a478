import { type Static, Type } from 'typebox'

export const RioStorageMethod = Type.Union(
  [
    Type.Literal('custom_table', { description: "Call Manager's own table, glpi_plugin_callmanager_users" }),
    Type.Literal('name', { description: "The user's login" }),
    Type.Literal('registration_number', { description: "The user's registration number" }),
  ],
  { description: 'Where the RIO is kept.' },
)
export type RioStorageMethod = Static<typeof RioStorageMethod>

/** What an administrator decides while the server runs; kept in the database, seen by every process within a second. */
export const Settings = Type.Object({
  rio_storage_method: RioStorageMethod,
  default_country: Type.String({
    pattern: '^[A-Z]{2}$',
    description:
      'Country (ISO 3166-1 alpha-2) that a phone number without calling code belongs to. `default_country.<entity id>` overrides it for an entity and those below.',
  }),
  journal_retention_days: Type.Integer({
    minimum: 1,
    maximum: 3650,
    description: 'Days that the journal of look-ups is kept.',
  }),
})
export type Settings = Static<typeof Settings>

export const DEFAULT_SETTINGS: Settings = {
  rio_storage_method: 'custom_table',
  default_country: 'FR',
  journal_retention_days: 180,
}
