import { useState } from 'preact/hooks'
import type { ExportQuery, ImportMode } from '../../contract/imports.ts'
import type { Item } from '../components/combobox.tsx'
import { DownloadLink } from '../components/download-link.tsx'
import { Checkbox, Select } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { EntityField } from './entity-field.tsx'

/** People or RIOs as a file: exactly what import takes. */
export function ExportForm() {
  const { client, words } = useFrame()
  const text = words.transfer
  const [mode, setMode] = useState<ImportMode>('people')
  const [entity, setEntity] = useState<Item | null>(null)
  const [separator, setSeparator] = useState<NonNullable<ExportQuery['separator']>>('semicolon')
  const [bom, setBom] = useState(true)
  const query = {
    mode,
    separator,
    bom,
    ...(entity !== null && { entityId: entity.id }),
  } satisfies ExportQuery
  return (
    <section class="panel" aria-labelledby="export-title">
      <h2 id="export-title">{text.export}</h2>
      <p class="hint">{text.exportHint}</p>
      <div class="fields">
        <Select
          label={text.mode}
          value={mode}
          choices={(['people', 'rios'] as const).map((value) => ({ value, label: text.exportModes[value] }))}
          onChange={setMode}
        />
        <EntityField
          label={text.exportEntity}
          hint={text.exportEntityHint}
          value={entity}
          onChange={setEntity}
        />
        <Select
          label={text.separator}
          value={separator}
          choices={(['semicolon', 'comma'] as const).map((value) => ({
            value,
            label: text.separators[value],
          }))}
          onChange={setSeparator}
        />
      </div>
      <Checkbox label={text.bom} hint={text.bomHint} checked={bom} onChange={setBom} />
      <div class="buttons">
        <DownloadLink href={client.url('exports/users.csv', query)}>{text.download}</DownloadLink>
      </div>
    </section>
  )
}
