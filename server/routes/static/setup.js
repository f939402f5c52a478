const FRENCH = {
  title: 'Installer Call Manager',
  intro: 'Créez le premier compte. Il devient Super-Admin et peut tout faire.',
  code: "Code d'installation",
  codeHint: 'Dans le lien affiché par le serveur ; valable 30 minutes.',
  login: 'Identifiant',
  password: 'Mot de passe',
  passwordHint: 'Au moins 8 caractères.',
  repeat: 'Mot de passe, à nouveau',
  submit: 'Créer le compte',
  doneTitle: 'Le compte est créé',
  doneNext: 'Connectez-vous avec ce compte, puis cherchez des appelants :',
  manual: "Lire le manuel de l'API",
}
const MESSAGES = {
  en: {
    missing: 'Fill in every field.',
    differ: 'The two passwords differ.',
    short: 'The password needs at least 8 characters.',
    refused: 'The code is wrong, used or older than 30 minutes. Restart the server to get a new link.',
    many: 'Too many attempts. Wait a minute, then try again.',
    value: 'The server refused this value.',
    offline: 'The server does not answer. Try again.',
  },
  fr: {
    missing: 'Remplissez tous les champs.',
    differ: 'Les deux mots de passe sont différents.',
    short: 'Le mot de passe doit avoir au moins 8 caractères.',
    refused:
      'Le code est faux, déjà utilisé ou vieux de plus de 30 minutes. Redémarrez le serveur pour obtenir un nouveau lien.',
    many: 'Trop de tentatives. Attendez une minute, puis réessayez.',
    value: 'Le serveur a refusé cette valeur.',
    offline: 'Le serveur ne répond pas. Réessayez.',
  },
}

const language = navigator.language.startsWith('fr') ? 'fr' : 'en'
const say = MESSAGES[language]
if (language === 'fr') {
  document.documentElement.lang = 'fr'
  document.title = FRENCH.title
  for (const element of document.querySelectorAll('[data-text]'))
    element.textContent = FRENCH[element.dataset.text]
}

const form = document.querySelector('#setup')
const message = document.querySelector('#message')
const { code, login, password, repeat } = form.elements
const button = form.querySelector('button')

// The code travels in the fragment, which browsers keep to themselves; once read it leaves the address bar.
if (location.hash.length > 1) {
  code.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  login.focus()
}

function complain(field, text) {
  for (const input of form.querySelectorAll('input')) input.removeAttribute('aria-invalid')
  message.textContent = text
  field?.setAttribute('aria-invalid', 'true')
  field?.focus()
}

function problemOf(status, field) {
  if (status === 403) return [code, say.refused]
  if (status === 429) return [null, say.many]
  return [form.elements.namedItem(field ?? '') ?? null, say.value]
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const empty = [code, login, password, repeat].find((input) => input.value === '')
  if (empty) return complain(empty, say.missing)
  if (password.value.length < 8) return complain(password, say.short)
  if (password.value !== repeat.value) return complain(repeat, say.differ)
  complain(null, '')
  button.disabled = true
  try {
    const response = await fetch('../api/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: code.value.trim(), login: login.value, password: password.value }),
    })
    if (response.ok) return showDone()
    const problem = await response.json()
    complain(...problemOf(response.status, problem.field))
  } catch {
    complain(null, say.offline)
  } finally {
    button.disabled = false
  }
})

function showDone() {
  const root = location.origin + location.pathname.replace(/\/plugins\/callmanager\/app\/setup$/, '')
  document.querySelector('#example').textContent =
    `curl -u '${login.value}' '${root}/apirest.php/initSession'\n` +
    `curl -H 'Session-Token: …' '${root}/plugins/callmanager/api.php/users/1234567'`
  form.hidden = true
  const done = document.querySelector('#done')
  done.hidden = false
  done.focus()
}
