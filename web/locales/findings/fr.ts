import type { SentenceWords } from '../../lib/problem-words.ts'

const API = 'Dans ITSM-NG : Configuration › Générale › API'
const REINDEX = 'callmanager reindex'
const ROOM = 'Libérez de la place sur le disque de DATA_DIR.'
const ACCOUNT = "callmanager migrate --print --account 'USER@HOST' | mariadb DATABASE"

/** What the doctor says, sentence by sentence; `{}` stands for a value, which is `$1`, `$2` … in French. Commands stay. */
const SENTENCES: Record<string, string> = {
  // The database.
  'Stop the server and restore the newest backup: callmanager restore FILE':
    'Arrêtez le serveur et restaurez la sauvegarde la plus récente : callmanager restore FILE',
  'There is no store at {}.': 'Il n’y a pas de base en $1.',
  'Start a server once, or correct DATA_DIR or DATABASE_URL.':
    'Démarrez un serveur une fois, ou corrigez DATA_DIR ou DATABASE_URL.',
  'The store is damaged, in {} places or more.': 'La base est endommagée, en $1 endroits au moins.',
  'The store is whole (every index compared with its table).':
    'La base est entière (chaque index comparé à sa table).',
  'The store is whole (--thorough also compares its indexes).':
    'La base est entière (--thorough compare aussi ses index).',
  'The tables are of a newer release ({}).': 'Les tables sont d’une version plus récente ($1).',
  'Run that release, or restore a backup that was made by this one.':
    'Exécutez cette version, ou restaurez une sauvegarde faite par celle-ci.',
  'The tables are of this release.': 'Les tables sont de cette version.',
  'The tables are of an older release, or not made yet; steps that are missing: {}.':
    'Les tables sont d’une version plus ancienne, ou pas encore créées ; étapes qui manquent : $1.',
  'Start a server of this release; it brings them up to date.':
    'Démarrez un serveur de cette version ; il les met à jour.',
  'An administrator of the database runs: {}': 'Un administrateur de la base exécute : $1',
  'SQLite {} opens the store.': 'SQLite $1 ouvre la base.',
  '{} answers, but takes no writes (read_only): no look-up can be journalled.':
    '$1 répond, mais refuse les écritures (read_only) : aucune recherche ne peut être journalisée.',
  'Name the server that is written to in DATABASE_URL, or, if this one is to be: set global read_only = 0':
    'Indiquez dans DATABASE_URL le serveur où l’on écrit ou, si c’est celui-ci : set global read_only = 0',
  '{} answers; {} tables are not in utf8mb4, and cannot keep every letter.':
    '$1 répond ; $2 tables ne sont pas en utf8mb4 et ne peuvent garder toutes les lettres.',
  '{} answers; the tables are in utf8mb4.': '$1 répond ; les tables sont en utf8mb4.',
  'The web server of the helpdesk answers.': 'Le serveur web de l’assistance répond.',
  '{} answers.': '$1 répond.',
  'Bring it to {} or later.': 'Mettez-le à jour vers $1 ou plus récent.',
  'The database server refuses the account or the password of DATABASE_URL ({}).':
    'Le serveur de base de données refuse le compte ou le mot de passe de DATABASE_URL ($1).',
  "Correct DATABASE_URL; the account must be allowed from this machine: create user 'callmanager'@'THIS MACHINE' identified by '…'":
    "Corrigez DATABASE_URL ; le compte doit être admis depuis cette machine : create user 'callmanager'@'THIS MACHINE' identified by '…'",
  'The database that DATABASE_URL names is not there, or its account may not use it ({}).':
    'La base que nomme DATABASE_URL n’existe pas, ou son compte ne peut l’utiliser ($1).',
  'Correct the name in DATABASE_URL; or an administrator of the database runs: {}':
    'Corrigez le nom dans DATABASE_URL ; ou un administrateur de la base exécute : $1',
  'The database server has no connection left ({}).':
    'Le serveur de base de données n’a plus de connexion libre ($1).',
  'Raise its max_connections; each Call Manager takes up to {}.':
    'Augmentez son max_connections ; chaque Call Manager en prend jusqu’à $1.',
  'The database server of DATABASE_URL cannot be reached ({}).':
    'Le serveur de base de données de DATABASE_URL est injoignable ($1).',
  'Start it, or correct the address and port in DATABASE_URL; look for a firewall and its bind-address.':
    'Démarrez-le, ou corrigez l’adresse et le port dans DATABASE_URL ; voyez le pare-feu et son bind-address.',
  'This could not be looked at: {}': 'Ceci n’a pas pu être examiné : $1',
  'Mend what the other findings name, then run doctor again.':
    'Corrigez ce que nomment les autres constats, puis relancez doctor.',
  // The account of the database.
  "Give Call Manager an account of its own: callmanager migrate --print --account 'callmanager@HOST' | mariadb DATABASE, and DATABASE_URL with it (docs/install.md).": `Donnez à Call Manager un compte à lui : ${ACCOUNT}, et DATABASE_URL avec celui-ci (docs/install.md).`,
  "Give Call Manager an account of its own: callmanager migrate --print --account 'callmanager@HOST' | mariadb DATABASE, and DATABASE_URL instead of HELPDESK_CONFIG_DB (docs/install.md).": `Donnez à Call Manager un compte à lui : ${ACCOUNT}, et DATABASE_URL au lieu de HELPDESK_CONFIG_DB (docs/install.md).`,
  'The account of the database may do what it needs.': 'Le compte de la base peut faire ce qu’il lui faut.',
  'It may do no more than that.': 'Il ne peut rien de plus.',
  'Privileges that the account of the database lacks: {}.':
    'Privilèges qui manquent au compte de la base : $1.',
  "HELPDESK_CONFIG_DB is in use: Call Manager works with the helpdesk's own account of the database, which may do everything.":
    'HELPDESK_CONFIG_DB est utilisé : Call Manager travaille avec le compte de l’assistance, qui peut tout.',
  'The account of DATABASE_URL may also {}; Call Manager never does.':
    'Le compte de DATABASE_URL peut aussi plus qu’il ne faut ($1) ; Call Manager ne le fait jamais.',
  // The REST API.
  'The helpdesk cannot be reached at {}.': 'L’assistance est injoignable à $1.',
  'Let Node trust the authority of its certificate: NODE_EXTRA_CA_CERTS=/path/of/the/authority.pem in the environment of Call Manager.':
    'Faites reconnaître à Node l’autorité de son certificat : NODE_EXTRA_CA_CERTS=/chemin/de/autorite.pem dans l’environnement de Call Manager.',
  'Start the web server of ITSM-NG, or correct HELPDESK_URL; look for a firewall between the two machines.':
    'Démarrez le serveur web d’ITSM-NG, ou corrigez HELPDESK_URL ; voyez le pare-feu entre les deux machines.',
  'The helpdesk has given no answer within {} s.': 'L’assistance n’a pas répondu en $1 s.',
  'Look at the load of ITSM-NG and its PHP, or raise HELPDESK_TIMEOUT_SECONDS.':
    'Voyez la charge d’ITSM-NG et de son PHP, ou augmentez HELPDESK_TIMEOUT_SECONDS.',
  'It answers a page instead of JSON: it is in maintenance, or waits for its own update, or HELPDESK_URL is the address of something else.':
    'Elle répond par une page au lieu de JSON : elle est en maintenance, ou attend sa mise à jour, ou HELPDESK_URL est l’adresse d’autre chose.',
  'In ITSM-NG: Setup > General > System ends the maintenance mode, and a log-in as an administrator tells of an update that is due.':
    'Dans ITSM-NG : Configuration › Générale › Système met fin au mode maintenance, et la connexion d’un administrateur annonce une mise à jour à faire.',
  'Else correct HELPDESK_URL.': 'Sinon, corrigez HELPDESK_URL.',
  'The helpdesk does not answer as an ITSM-NG does ({}).':
    'L’assistance ne répond pas comme un ITSM-NG ($1).',
  'The helpdesk does not answer as an ITSM-NG does.': 'L’assistance ne répond pas comme un ITSM-NG.',
  "HELPDESK_URL is to be ITSM-NG's own address, sub-directory included.":
    'HELPDESK_URL doit être l’adresse d’ITSM-NG, sous-répertoire compris.',
  'If it is, see that its web server hands what follows apirest.php to PHP (PATH_INFO), and look at its logs for an error.':
    'Si c’est le cas, vérifiez que son serveur web transmet à PHP ce qui suit apirest.php (PATH_INFO), et cherchez une erreur dans ses journaux.',
  'Its REST API is switched on.': 'Son API REST est activée.',
  'The REST API of the helpdesk is switched off, as it is by default.':
    'L’API REST de l’assistance est désactivée, comme elle l’est par défaut.',
  'In ITSM-NG: Setup > General > API, set "Enable Rest API" to Yes and save.': `${API}, mettez « Activer l'API Rest » à Oui et sauvegardez.`,
  'An API client of it allows the address of this machine.':
    'Un de ses clients d’API admet l’adresse de cette machine.',
  'The helpdesk sees this machine as {}, and no active API client of it holds that address.':
    'L’assistance voit cette machine comme $1, et aucun de ses clients d’API actifs n’a cette adresse.',
  'In ITSM-NG: Setup > General > API, add an API client: Active Yes, {} in "IPv4 address range" (both fields) or "IPv6 address", and let it make an App-Token.': `${API}, ajoutez un client d’API : Actif Oui, $1 dans « Plage d'adresses IPv4 » (les deux champs) ou « Adresse IPv6 », et faites-lui générer un App-Token.`,
  'It takes the App-Token, or asks for none.': 'Elle accepte l’App-Token, ou n’en demande pas.',
  'The API client of this machine has an App-Token, and HELPDESK_APP_TOKEN is empty.':
    'Le client d’API de cette machine a un App-Token, et HELPDESK_APP_TOKEN est vide.',
  'Set HELPDESK_APP_TOKEN to the one that stands in ITSM-NG: Setup > General > API, the API client, "Application token (app_token)".':
    "Mettez dans HELPDESK_APP_TOKEN celui d’ITSM-NG : Configuration › Générale › API, le client d’API, « Jeton d'application (app_token) ».",
  'HELPDESK_APP_TOKEN is not the App-Token of an API client that holds the address of this machine.':
    'HELPDESK_APP_TOKEN n’est pas l’App-Token d’un client d’API qui a l’adresse de cette machine.',
  'Copy it anew from ITSM-NG: Setup > General > API, the API client, "Application token (app_token)".':
    "Recopiez-le d’ITSM-NG : Configuration › Générale › API, le client d’API, « Jeton d'application (app_token) ».",
  'Leave it empty where that client has none.': 'Laissez-le vide si ce client n’en a pas.',
  // The host's database.
  "The database's clock differs from this machine's by {} s; its time zone is {}.":
    'L’horloge de la base diffère de celle de cette machine de $1 s ; son fuseau horaire est $2.',
  'Have both machines set their clocks by NTP.': 'Mettez les deux machines à l’heure par NTP.',
  'Its dates are kept as moments (TIMESTAMP).': 'Ses dates sont des instants (TIMESTAMP).',
  '{} of its columns hold dates without a time zone (DATETIME), such as {}: accounts begin and end, and tickets are shown, some hours off.':
    '$1 de ses colonnes ont des dates sans fuseau horaire (DATETIME), comme $2 : validité des comptes et dates des tickets sont décalées de quelques heures.',
  "Run the helpdesk's own conversion: {}": 'Lancez la conversion de l’assistance : $1',
  'The keys of the identifier index are compared by {}, so that other RIOs match as well.':
    'Les clés de l’index des identifiants sont comparées selon $1 : d’autres RIO répondent aussi.',
  'Our own table keeps RIOs in {}, which has no room for every letter; the PHP plugin makes it so.':
    'Notre table garde les RIO en $1, qui n’a pas de place pour toutes les lettres ; le plugin PHP l’a faite ainsi.',
  "The helpdesk's own columns hold no emoji; such values are refused there.":
    'Les colonnes de l’assistance n’acceptent pas les emoji ; de telles valeurs y sont refusées.',
  'Keys are compared byte by byte.': 'Les clés sont comparées octet par octet.',
  'Every index that look-ups use is there.': 'Tous les index que les recherches utilisent sont là.',
  'Its tables lack indexes that every ITSM-NG has: {}.':
    'Il manque à ses tables des index que tout ITSM-NG possède : $1.',
  'Our tables take {} MB of the database.': 'Nos tables occupent $1 Mo de la base.',
  '{} MB are free in DATA_DIR.': '$1 Mo sont libres dans DATA_DIR.',
  'Make room on the disk of DATA_DIR.': ROOM,
  // The plugin.
  'Put the folder callmanager of release {} in the plugins of the helpdesk, then Setup > Plugins, Call Manager Plugin: Update.':
    'Placez le dossier callmanager de la version $1 dans les plugins de l’assistance, puis Configuration › Plugins, Call Manager Plugin : Mettre à jour.',
  'Never "Uninstall" the old one, which deletes all RIOs.':
    'Ne « Désinstallez » jamais l’ancien : cela supprime tous les RIO.',
  'Until then: Disable.': 'D’ici là : Désactiver.',
  'Update the older one.': 'Mettez à jour le plus ancien.',
  "This account may not see whether the plugin is in the helpdesk's menus.":
    'Ce compte ne peut voir si le plugin est dans les menus de l’assistance.',
  'callmanager migrate --print prints the GRANT; it is on three columns of glpi_plugins.':
    'callmanager migrate --print affiche le GRANT ; il porte sur trois colonnes de glpi_plugins.',
  'The helpdesk has no table of plugins.': 'L’assistance n’a pas de table des plugins.',
  'Restore glpi_plugins.': 'Restaurez glpi_plugins.',
  'The plugin is not installed in the helpdesk: its menus do not lead to Call Manager (docs/bridge.md).':
    'Le plugin n’est pas installé dans l’assistance : ses menus ne mènent pas à Call Manager (docs/bridge.md).',
  'The PHP plugin that Call Manager replaces ({}) is still active: wherever its address is not forwarded to Call Manager yet, it answers, and shows more than the helpdesk would.':
    'Le plugin PHP que Call Manager remplace ($1) est encore actif : là où son adresse n’est pas encore transmise à Call Manager, il répond, et montre plus que ne le ferait l’assistance.',
  'The PHP plugin that Call Manager replaces ({}) is not active.':
    'Le plugin PHP que Call Manager remplace ($1) n’est pas actif.',
  'The plugin in the helpdesk is of release {}, the server of {}.':
    'Le plugin dans l’assistance est de la version $1, le serveur de la $2.',
  'The plugin in the helpdesk is active and of the same release ({}).':
    'Le plugin dans l’assistance est actif et de la même version ($1).',
  'The plugin is in the helpdesk, but not active: menus and tabs do not show it.':
    'Le plugin est dans l’assistance, mais inactif : ni menus ni onglets ne le montrent.',
  "The plugin is installed, but Call Manager's tables were missing when the helpdesk last checked.":
    'Le plugin est installé, mais les tables de Call Manager manquaient lors de la dernière vérification par l’assistance.',
  'Start Call Manager, then in ITSM-NG: Setup > Plugins, Call Manager Plugin: Enable.':
    'Démarrez Call Manager, puis dans ITSM-NG : Configuration › Plugins, Call Manager Plugin : Activer.',
  "The plugin's folder is missing from the helpdesk.": 'Le dossier du plugin manque dans l’assistance.',
  "The plugin's folder was replaced, but the plugin has not been updated in the helpdesk yet.":
    'Le dossier du plugin a été remplacé, mais le plugin n’a pas encore été mis à jour dans l’assistance.',
  'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Update, then Enable.':
    'Dans ITSM-NG : Configuration › Plugins, Call Manager Plugin : Mettre à jour, puis Activer.',
  'No TLS is spoken there: correct the port in HELPDESK_URL, or write http:// in place of https://.':
    'On n’y parle pas TLS : corrigez le port dans HELPDESK_URL, ou écrivez http:// au lieu de https://.',
  'Its rights are registered in the helpdesk.': 'Ses droits sont enregistrés dans l’assistance.',
  'The rights {} are not registered in the helpdesk, so no profile can be given them.':
    'Les droits $1 ne sont pas enregistrés dans l’assistance : aucun profil ne peut les recevoir.',
  'In ITSM-NG, on the page of Call Manager Plugin in Setup > Plugins, see that "Uninstalling the plugin removes every RIO, the settings and the journal" is not ticked.':
    'Dans ITSM-NG, sur la page de Call Manager Plugin dans Configuration › Plugins, vérifiez que « Désinstaller le plugin supprime tous les RIO, la configuration et le journal » n’est pas coché.',
  'Then stop Call Manager, press Uninstall, Install and Enable, and start it again.':
    'Puis arrêtez Call Manager, cliquez sur Désinstaller, Installer et Activer, et redémarrez-le.',
  // The web server before it.
  "{} forwards the plugin's own pages to Call Manager too, where they are missing or lack the helpdesk's menus.":
    '$1 transmet aussi les pages du plugin à Call Manager, où elles manquent ou n’ont pas les menus de l’assistance.',
  'Forward only api.php, api/, app/ and pbx/ below plugins/callmanager/, as {} does.':
    'Ne transmettez qu’api.php, api/, app/ et pbx/ sous plugins/callmanager/, comme le fait $1.',
  'X-Forwarded-For from {} is trusted by servers started since TRUSTED_PROXIES was set.':
    'L’en-tête X-Forwarded-For de $1 est pris en compte par les serveurs démarrés depuis que TRUSTED_PROXIES est défini.',
  'TRUSTED_PROXIES is empty, so every request through the web server seems to come from its own address: API clients and limits cannot tell callers apart, and cookies are not marked Secure.':
    'TRUSTED_PROXIES est vide : toute requête passant par le serveur web semble venir de sa propre adresse ; clients d’API et limites ne distinguent pas qui demande, et les cookies ne sont pas marqués Secure.',
  'Set TRUSTED_PROXIES to the address by which the web server reaches Call Manager; 127.0.0.1 where both are on one machine.':
    'Mettez dans TRUSTED_PROXIES l’adresse par laquelle le serveur web atteint Call Manager ; 127.0.0.1 si les deux sont sur une même machine.',
  'Browsers cannot read /metrics or /readyz.': 'Les navigateurs ne peuvent lire ni /metrics ni /readyz.',
  'At {}, anybody can read {}.': 'À $1, n’importe qui peut lire $2.',
  'Forward to Call Manager only what {} forwards, and pass on X-Forwarded-For.':
    'Ne transmettez à Call Manager que ce que transmet $1, et transmettez aussi X-Forwarded-For.',
  "The helpdesk's session cookie reaches Call Manager.":
    'Le cookie de session de l’assistance parvient à Call Manager.',
  "The helpdesk's session cookie is limited to {}, while Call Manager is at {}: people logged in at the helpdesk are not recognised here.":
    'Le cookie de session de l’assistance est limité à $1, alors que Call Manager est à $2 : qui est connecté à l’assistance n’est pas reconnu ici.',
  'In the php.ini of ITSM-NG set session.cookie_path = / and restart its PHP.':
    'Dans le php.ini d’ITSM-NG, mettez session.cookie_path = / et redémarrez son PHP.',
  'Nothing answers this machine at {} ({}), which browsers use, so the web server there was not checked.':
    'Rien ne répond à cette machine à $1 ($2), l’adresse qu’utilisent les navigateurs : son serveur web n’a pas été vérifié.',
  "The helpdesk's url_base is not an address that browsers can use, so its web server was not checked.":
    'L’url_base de l’assistance n’est pas une adresse utilisable par des navigateurs : son serveur web n’a pas été vérifié.',
  'Set PUBLIC_URL to name one.': 'Indiquez-en une dans PUBLIC_URL.',
  'Set PUBLIC_URL to name another address.': 'Indiquez une autre adresse dans PUBLIC_URL.',
  '{} redirects every request: it is not the address that browsers use.':
    '$1 redirige toute requête : ce n’est pas l’adresse des navigateurs.',
  'Correct the url_base of the helpdesk, or set PUBLIC_URL.':
    'Corrigez l’url_base de l’assistance, ou définissez PUBLIC_URL.',
  '{} asks for a log-in of its own first, so what it forwards to Call Manager was not checked.':
    '$1 exige d’abord une connexion qui lui est propre : ce qui y est transmis à Call Manager n’a pas été vérifié.',
  'Look with a browser that is logged in there; telephone systems need a way without that log-in.':
    'Regardez avec un navigateur qui y est connecté ; les systèmes téléphoniques ont besoin d’un accès sans cette connexion.',
  'Start the web server there, or correct PUBLIC_URL.': 'Démarrez-y le serveur web, ou corrigez PUBLIC_URL.',
  'If its certificate comes from your own authority, set NODE_EXTRA_CA_CERTS=/path/of/the/authority.pem':
    'Si son certificat vient de votre propre autorité, définissez NODE_EXTRA_CA_CERTS=/chemin/de/autorite.pem',
  '{} forwards to Call Manager, which expects another sub-directory: its BASE_PATH is "{}".':
    '$1 transmet à Call Manager, qui attend un autre sous-répertoire : son BASE_PATH vaut « $2 ».',
  'Set BASE_PATH={} and restart Call Manager.': 'Mettez BASE_PATH=$1 et redémarrez Call Manager.',
  "{} forwards all of Call Manager's paths to it.": '$1 transmet à Call Manager tous ses chemins.',
  'The web server at {} does not reach Call Manager ({}).':
    'Le serveur web de $1 n’atteint pas Call Manager ($2).',
  'Start Call Manager, or correct its address and port in {}, as the web server includes it.':
    'Démarrez Call Manager, ou corrigez son adresse et son port dans $1, tel que l’inclut le serveur web.',
  'Include {} in the web server, before its location for .php, and reload it: docs/install.md, "The old address".':
    'Incluez $1 dans le serveur web, avant sa location pour .php, et rechargez-le : docs/install.md.',
  '{} forwards only some paths to Call Manager; missing: {}.':
    '$1 ne transmet que certains chemins à Call Manager ; il manque : $2.',
  '{} forwards nothing to Call Manager, so its pages there stay empty.':
    '$1 ne transmet rien à Call Manager : ses pages y restent vides.',
  '{} forwards nothing to Call Manager.': '$1 ne transmet rien à Call Manager.',
  'Telephone systems ask its own port; pages would need it (docs/install.md, "The old address").':
    'Les systèmes téléphoniques demandent à son propre port ; les pages en auraient besoin (docs/install.md).',
  'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Install, then Enable.':
    'Dans ITSM-NG : Configuration › Plugins, Call Manager Plugin : Installer, puis Activer.',
  // Rights.
  'callmanager migrate --print prints the SQL that gives both rights to the profiles that may change the helpdesk.':
    'callmanager migrate --print affiche le SQL qui donne les deux droits aux profils qui configurent l’assistance.',
  'Those people give them to other profiles: docs/install.md, "Who may look up".':
    'Ces personnes les donnent à d’autres profils : docs/install.md, « Who may look up ».',
  'No profile may look callers up ({}).': 'Aucun profil ne peut rechercher les appelants ($1).',
  'No profile may change the settings of Call Manager ({}).':
    'Aucun profil ne peut configurer Call Manager ($1).',
  '{} or more people may look callers up ({}), by the profiles {}.':
    'Au moins $1 personnes peuvent rechercher les appelants ($2), par les profils $3.',
  '{} people may look callers up ({}), by the profiles {}.':
    '$1 personnes peuvent rechercher les appelants ($2), par les profils $3.',
  'One person may look callers up ({}), by the profiles {}.':
    'Une personne peut rechercher les appelants ($1), par les profils $2.',
  '{} or more people may change the settings of Call Manager ({}), by the profiles {}.':
    'Au moins $1 personnes peuvent configurer Call Manager ($2), par les profils $3.',
  '{} people may change the settings of Call Manager ({}), by the profiles {}.':
    '$1 personnes peuvent configurer Call Manager ($2), par les profils $3.',
  'One person may change the settings of Call Manager ({}), by the profiles {}.':
    'Une personne peut configurer Call Manager ($1), par les profils $2.',
  'Nobody who can log in holds a profile that may look callers up ({}): {}.':
    'Personne qui puisse se connecter n’a de profil pour rechercher les appelants ($1) : $2.',
  'Nobody who can log in holds a profile that may change the settings of Call Manager ({}): {}.':
    'Personne qui puisse se connecter n’a de profil pour configurer Call Manager ($1) : $2.',
  'The profiles {} may look callers up, but see no users, so they find nobody.':
    'Les profils $1 peuvent rechercher les appelants, mais ne voient aucun utilisateur et ne trouvent donc personne.',
  'In ITSM-NG: Administration > Profiles, the profile, Administration: give it Read on Users.':
    'Dans ITSM-NG : Administration › Profils, le profil, Administration : donnez-lui Lecture sur Utilisateurs.',
  "The profiles {} have rights of Call Manager that do nothing: ITSM-NG takes plugins' rights from profiles of the simplified interface.":
    'Les profils $1 ont des droits de Call Manager sans effet : ITSM-NG les retire aux profils de l’interface simplifiée.',
  'Give those people a profile of the standard interface.':
    'Donnez à ces personnes un profil de l’interface standard.',
  // The host's settings.
  'The database is that of {}.': 'La base est celle de $1.',
  'Call Manager has been tried up to GLPI {}.': 'Call Manager a été essayé jusqu’à GLPI $1.',
  'Try it on a copy of that helpdesk first, or ask whether a newer release of Call Manager knows it.':
    'Essayez d’abord sur une copie de cette assistance, ou demandez si une version plus récente de Call Manager la connaît.',
  'HELPDESK_URL and DATABASE_URL go together.': 'HELPDESK_URL et DATABASE_URL vont ensemble.',
  'The REST API at HELPDESK_URL is {}, while the database of DATABASE_URL says that it is {}: they belong to two helpdesks.':
    'L’état de l’API REST de HELPDESK_URL ($1) n’est pas celui que dit la base de DATABASE_URL ($2) : ce sont deux assistances.',
  'Correct the one or the other.': 'Corrigez l’une ou l’autre.',
  "The name of ITSM-NG's database stands in its config/config_db.php.":
    'Le nom de la base d’ITSM-NG se trouve dans son config/config_db.php.',
  'Telephone systems can log in to its API by login and password and by user tokens.':
    'Les systèmes téléphoniques peuvent se connecter à son API par identifiant et mot de passe et par jetons d’utilisateur.',
  'Telephone systems can log in to its API by login and password.':
    'Les systèmes téléphoniques peuvent se connecter à son API par identifiant et mot de passe.',
  'Telephone systems can log in to its API by user tokens.':
    'Les systèmes téléphoniques peuvent se connecter à son API par jetons d’utilisateur.',
  'Nobody can log in to its API, so that telephone systems get no session.':
    'Personne ne peut se connecter à son API : les systèmes téléphoniques n’obtiennent pas de session.',
  'People who are logged in to its pages can work.':
    'Les personnes connectées à ses pages peuvent travailler.',
  'In ITSM-NG: Setup > General > API, set "Enable login with external token" to Yes and save.': `${API}, mettez « Activer la connexion avec un jeton externe » à Oui et sauvegardez.`,
  'No API client of it lets everybody in.': 'Aucun de ses clients d’API n’admet tout le monde.',
  '{} of its {} active API clients ask for no App-Token and leave the IPv4 range or the IPv6 address empty, which is every address: whoever knows a password or a user token can use its REST API from anywhere, look-ups included.':
    '$1 de ses $2 clients d’API actifs ne demandent pas d’App-Token et laissent vide la plage IPv4 ou l’adresse IPv6, c’est-à-dire toute adresse : qui connaît un mot de passe ou un jeton utilise son API REST de partout, recherches comprises.',
  'In ITSM-NG: Setup > General > API, the API client: have it make an App-Token ("Regenerate"), or fill in both kinds of addresses (::1 for no other machine by IPv6).': `${API}, le client d’API : faites-lui générer un App-Token (« Régénérer »), ou remplissez les deux sortes d’adresses (::1 pour aucune autre machine en IPv6).`,
  'Its pages and ours start at {}.': 'Ses pages et les nôtres commencent à $1.',
  'HELPDESK_URL has the path "{}", and BASE_PATH is "{}": links between the two lead nowhere, unless a proxy changes paths.':
    'HELPDESK_URL a le chemin « $1 », et BASE_PATH est « $2 » : les liens entre les deux ne mènent nulle part, à moins qu’un proxy ne change les chemins.',
  'Set BASE_PATH={}': 'Réglez BASE_PATH=$1',
  // The index.
  'The row that says how far the identifier index is, is missing.':
    'La ligne qui dit où en est l’index des identifiants manque.',
  'Restore a backup.': 'Restaurez une sauvegarde.',
  'The identifier index is being built or compared; look-ups go on meanwhile.':
    'L’index des identifiants est en construction ou en comparaison ; les recherches continuent.',
  'The identifier index is not whole, and no process is building it; look-ups by phone may miss people.':
    'L’index des identifiants n’est pas entier, et aucun processus ne le construit ; les recherches par téléphone peuvent manquer des personnes.',
  'Start a server, or run: {}': 'Démarrez un serveur, ou exécutez : $1',
  'The identifier index has not been compared with the users for a week or more.':
    'L’index des identifiants n’a pas été comparé aux utilisateurs depuis une semaine au moins.',
  'Run: {}': 'Exécutez : $1',
  'The identifier index is whole.': 'L’index des identifiants est entier.',
  'A process that worked on it was killed; the next one takes over.':
    'Un processus qui y travaillait a été tué ; le suivant prend le relais.',
  'The identifier index is whole; it was compared with all users within the hour.':
    'L’index des identifiants est entier ; il a été comparé à tous les utilisateurs il y a moins d’une heure.',
  'The identifier index is whole; it was compared with all users {} h ago.':
    'L’index des identifiants est entier ; il a été comparé à tous les utilisateurs il y a $1 h.',
  'The index agrees with all {} users.': 'L’index concorde avec les $1 utilisateurs.',
  'The index agrees with a sample of {} users.': 'L’index concorde avec un échantillon de $1 utilisateurs.',
  'For all {} users, {} rows are missing in the index and {} are too many.':
    'Pour les $1 utilisateurs, il manque $2 lignes dans l’index et $3 sont en trop.',
  'For a sample of {} users, {} rows are missing in the index and {} are too many.':
    'Pour un échantillon de $1 utilisateurs, il manque $2 lignes dans l’index et $3 sont en trop.',
  'It has not followed every change yet.': 'Il n’a pas encore suivi tous les changements.',
  'The next look-up does; or run: {}': `La prochaine recherche le fera ; ou exécutez : ${REINDEX}`,
  '{} of {} people have a RIO; nobody shares one.': '$1 personnes sur $2 ont un RIO ; personne n’en partage.',
  '{} of {} people have a RIO; {} RIOs are shared, by {} people.':
    '$1 personnes sur $2 ont un RIO ; $3 RIO sont partagés, par $4 personnes.',
  'The settings refuse this; who shared one before keeps it.':
    'La configuration le refuse ; qui en partageait un auparavant le garde.',
  'Read which they are (GET api/v1/rios/shared), and give all but one of each another RIO.':
    'Voyez lesquels (GET api/v1/rios/shared), et donnez un autre RIO à tous sauf un pour chacun.',
  // The machine.
  "Node {}; this machine's time zone is {}, and times are kept in UTC.":
    'Node $1 ; le fuseau horaire de cette machine est $2, et les heures sont gardées en UTC.',
  'Run it on Node {}: npm run setup brings one along.':
    'Exécutez-le sur Node $1 : npm run setup en apporte un.',
  'Only this account can read the store and its backups.':
    'Seul ce compte peut lire la base et ses sauvegardes.',
  "Files with people's data and password hashes that other accounts of this machine can read: {}.":
    'Fichiers avec des données de personnes et des empreintes de mots de passe que d’autres comptes de cette machine peuvent lire : $1.',
  'The store takes {}, its log {}; {} are free.': 'La base occupe $1, son journal $2 ; $3 sont libres.',
  'A restore needs twice the size of the store: make room on the disk of DATA_DIR.':
    'Une restauration demande deux fois la taille de la base : libérez de la place sur le disque de DATA_DIR.',
  'Something has been reading the store for very long: restart the server, end other readers.':
    'Quelque chose lit la base depuis très longtemps : redémarrez le serveur, mettez fin aux autres lecteurs.',
  // Records.
  'A running server does this every hour: start one, or look for "maintenance failed" in its log.':
    'Un serveur en marche le fait toutes les heures : démarrez-en un, ou cherchez « maintenance failed » dans son journal.',
  'The setting {} is stored {} times, as the PHP plugin leaves it; the newest row stands.':
    'Le réglage $1 est enregistré $2 fois, comme le laisse le plugin PHP ; la ligne la plus récente compte.',
  'The setting {} holds something that is none of its values; the default stands.':
    'Le réglage $1 contient ce qui n’est aucune de ses valeurs ; la valeur par défaut compte.',
  'Set it once more: {}': 'Réglez-le à nouveau : $1',
  'All {} stored settings are understood.': 'Les $1 réglages enregistrés sont compris.',
  'Our own table holds {} rows of RIOs.': 'Notre table contient $1 lignes de RIO.',
  'Of these {} are empty, which means none.': 'Parmi elles, $1 sont vides, c’est-à-dire sans RIO.',
  "Of these {} are of users who were purged, find nobody, and go with a server's daily sweep.":
    'Parmi elles, $1 sont d’utilisateurs purgés, ne trouvent personne, et partent avec le passage quotidien d’un serveur.',
  'Of these {} are of users in the bin, and find nobody until they are restored.':
    'Parmi elles, $1 sont d’utilisateurs dans la corbeille, et ne trouvent personne avant leur restauration.',
  'Nobody can log in and change settings.': 'Personne ne peut se connecter et changer la configuration.',
  'Make an account: {}': 'Créez un compte : $1',
  'Accounts of the demo, whose passwords the world knows: {}, beside {} of your own.':
    'Comptes de la démonstration, dont chacun connaît les mots de passe : $1, à côté de $2 des vôtres.',
  'They work from this machine only.': 'Ils ne fonctionnent que depuis cette machine.',
  'Deactivate them, or begin with an empty DATA_DIR.': 'Désactivez-les, ou commencez avec un DATA_DIR vide.',
  'This is the store of a demo; its logins work from this machine only.':
    'C’est la base d’une démonstration ; ses identifiants ne fonctionnent que depuis cette machine.',
  'Accounts that can log in and change settings: {}.':
    'Comptes qui peuvent se connecter et changer la configuration : $1.',
  'The request source of new tickets is there.': 'La source de la demande des nouveaux tickets existe.',
  'The request source of new tickets ({}) is not there: they get the one that the helpdesk gives by itself.':
    'La source de la demande des nouveaux tickets ($1) n’existe pas : ils reçoivent celle que l’assistance donne d’elle-même.',
  'The request source of new tickets ({}) is switched off: they get the one that the helpdesk gives by itself.':
    'La source de la demande des nouveaux tickets ($1) est désactivée : ils reçoivent celle que l’assistance donne d’elle-même.',
  'callmanager settings set phone_request_source ID, with the id of a source from Setup > Dropdowns > Request sources.':
    'callmanager settings set phone_request_source ID, avec l’ID d’une source de Configuration › Intitulés › Sources de la demande.',
  'The journal keeps to its {} days.': 'Le journal s’en tient à ses $1 jours.',
  'The journal holds look-ups that are older than its {} days.':
    'Le journal contient des recherches plus anciennes que ses $1 jours.',
  'Look-ups are counted.': 'Les recherches sont comptées.',
  'Look-ups of more than two hours ago are not rolled up, and stay in the journal.':
    'Des recherches de plus de deux heures ne sont pas comptées, et restent dans le journal.',
  'Jobs waiting or under way: {}.': 'Tâches en attente ou en cours : $1.',
  'Jobs waiting for more than ten minutes: {}.': 'Tâches qui attendent depuis plus de dix minutes : $1.',
  'Start a server; it goes on with them.': 'Démarrez un serveur ; il les reprend.',
  'Nothing is dated in the future.': 'Rien n’est daté dans le futur.',
  'Users, history or look-ups are dated more than five minutes in the future.':
    'Des utilisateurs, un historique ou des recherches sont datés de plus de cinq minutes dans le futur.',
  "Compare this machine's clock and time zone with the database's and the helpdesk's.":
    'Comparez l’horloge et le fuseau horaire de cette machine à ceux de la base et de l’assistance.',
}

/** What an English sentence looks like, whatever its values are. */
function patternOf(sentence: string): RegExp {
  const parts = sentence.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('(.*?)')}$`, 's')
}

export const words: SentenceWords = {
  details: {},
  patterns: Object.entries(SENTENCES).map(([english, french]) => [patternOf(english), french] as const),
}
