// Tabs as the host has them: what is opened is asked for once, and again on request, and jQuery runs its scripts.
$(() => {
  const links = $('#tabs > ul a')
  const panels = $('#tabs > .panel')

  function open(at, again) {
    links.removeClass('active').eq(at).addClass('active')
    const panel = panels.hide().eq(at).show()
    if (panel.html() !== '' && !again) return
    panel.html('<div class="loadingindicator">Loading…</div>')
    $.ajax(links.eq(at).attr('href')).done((html) => panel.html(html))
  }

  links.on('click', (event) => {
    event.preventDefault()
    open(links.index(event.currentTarget), false)
  })
  window.reloadTab = () => open(links.index($('#tabs > ul a.active')), true)
  if (links.length > 0) open(0, false)
})
