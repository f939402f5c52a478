import { PageTitle } from '../components/page-title.tsx'
import { useFrame } from '../lib/frame.tsx'

export function NotFound() {
  const { words } = useFrame()
  return (
    <>
      <PageTitle path={[]} title={words.failures.notFound.title} />
      <p>{words.failures.notFound.remedy}</p>
    </>
  )
}
