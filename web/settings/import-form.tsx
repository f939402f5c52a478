import { Button } from '../components/button.tsx'
import { Checkbox, Field, Select } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { EntityField } from './entity-field.tsx'
import type { ImportChoice } from './import-query.ts'

const MATCHES = ['auto', 'login', 'registrationNumber', 'email'] as const
const SEPARATORS = ['auto', 'semicolon', 'comma', 'tab'] as const
const ENCODINGS = ['auto', 'utf-8', 'windows-1252'] as const

export function ImportForm({
  choice,
  tried,
  errors,
  onChange,
  onSubmit,
}: {
  choice: ImportChoice
  /** Whether this has been tried: what comes next is the import itself. */
  tried: boolean
  errors: Record<'file' | 'match' | 'entity', string | undefined>
  onChange: (part: Partial<ImportChoice>) => void
  onSubmit: () => void
}) {
  const { session, words } = useFrame()
  const text = words.transfer
  const { managesAccounts, can } = session
  const mayCreate = managesAccounts && can.createUsers
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <div class="fields">
        <Field label={text.file} hint={text.fileHint} error={errors.file} required>
          {(described) => (
            <input
              {...described}
              type="file"
              accept=".csv,.txt,text/csv"
              onChange={({ currentTarget }) => onChange({ file: currentTarget.files?.[0] ?? null })}
            />
          )}
        </Field>
        <Select
          label={text.mode}
          hint={mayCreate ? text.modeHints[choice.mode] : managesAccounts ? text.noCreate : text.peopleAtHost}
          value={choice.mode}
          choices={[
            { value: 'people', label: text.modes.people, disabled: !mayCreate },
            { value: 'rios', label: text.modes.rios },
          ]}
          onChange={(mode) => onChange({ mode })}
        />
        <Select
          label={text.match}
          error={errors.match}
          value={choice.match}
          choices={MATCHES.map((value) => ({ value, label: text.matches[value] }))}
          onChange={(match) => onChange({ match })}
        />
        {choice.mode === 'people' && (
          <EntityField
            label={text.entity}
            hint={text.entityHint(session.entity.name)}
            error={errors.entity}
            value={choice.entity}
            onChange={(entity) => onChange({ entity })}
          />
        )}
        <Select
          label={text.separator}
          value={choice.separator}
          choices={SEPARATORS.map((value) => ({ value, label: text.separators[value] }))}
          onChange={(separator) => onChange({ separator })}
        />
        <Select
          label={text.encoding}
          value={choice.encoding}
          choices={ENCODINGS.map((value) => ({ value, label: text.encodings[value] }))}
          onChange={(encoding) => onChange({ encoding })}
        />
      </div>
      <Checkbox
        label={text.dryRun}
        hint={text.dryRunHint}
        checked={choice.dryRun}
        onChange={(dryRun) => onChange({ dryRun })}
      />
      <Checkbox
        label={text.clearEmpty}
        hint={text.clearEmptyHint}
        checked={choice.clearEmpty}
        onChange={(clearEmpty) => onChange({ clearEmpty })}
      />
      <Checkbox
        label={text.changeLogins}
        hint={text.changeLoginsHint}
        checked={choice.changeLogins}
        onChange={(changeLogins) => onChange({ changeLogins })}
      />
      <div class="buttons">
        <Button type="submit" kind={tried ? 'plain' : 'primary'}>
          {choice.dryRun ? text.tryOut : text.importNow}
        </Button>
      </div>
    </form>
  )
}
