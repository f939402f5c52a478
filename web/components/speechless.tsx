const TEXTS = [
  [
    'en',
    'Call Manager could not be loaded. The network is gone, or it has been updated meanwhile.',
    'Reload',
  ],
  [
    'fr',
    'Call Manager n’a pas pu être chargé. Le réseau est coupé, ou il a été mis à jour entre-temps.',
    'Recharger',
  ],
] as const

/** The words of no language could be loaded, so these are not among them. */
export function Speechless() {
  return (
    <main class="way-in">
      <h1 class="brand">Call Manager</h1>
      {TEXTS.map(([language, text, reload]) => (
        <div key={language} lang={language} class="form">
          <p role="alert">{text}</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            {reload}
          </button>
        </div>
      ))}
    </main>
  )
}
