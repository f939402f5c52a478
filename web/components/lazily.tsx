import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../lib/frame.tsx'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { PageTitle } from './page-title.tsx'
import { Waiting } from './waiting.tsx'

type Loaded<Module> = { module: Module } | 'loading' | 'failed'

/**
 * A page, or a part of one, whose script is loaded when it is opened. After an upgrade the old script is gone, and it says so;
 * `page` for what brings the heading of the page along.
 */
export function Lazily<Module>({
  load,
  render,
  page = false,
}: {
  load: () => Promise<Module>
  render: (module: Module) => ComponentChildren
  page?: boolean
}) {
  const words = useWords()
  const [loaded, setLoaded] = useState<Loaded<Module>>('loading')
  // Written in place at each render, yet always the same module.
  useEffect(() => {
    load().then(
      (module) => setLoaded({ module }),
      () => setLoaded('failed'),
    )
  }, [])
  if (loaded === 'loading') return <Waiting />
  if (loaded !== 'failed') return render(loaded.module)
  const { title, remedy } = words.failures.pageMissing
  return (
    <>
      {page && <PageTitle path={[]} title={title} />}
      <Notice kind="error" {...(page ? {} : { title })}>
        <p>{remedy}</p>
        <Button onClick={() => location.reload()}>{words.common.reload}</Button>
      </Notice>
    </>
  )
}
