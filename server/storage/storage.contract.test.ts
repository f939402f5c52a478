import { expect, it } from 'vitest'
import { forEachEngine, tableNames } from '../../test/support/storages.ts'

forEachEngine((engine) => {
  it('migrates', async () => {
    const at = performance.now()
    const storage = await engine.migrated()
    console.log(engine.name, performance.now() - at)
    expect(await tableNames(storage)).toHaveLength(24)
  })
})
