import type { ProblemWords } from '../../lib/problem-words.ts'

/** What the server says of failures, in French. */
const GONE =
  'Peut-être supprimé entre-temps, ou en dehors de vos entités. Rechargez la page, ou cherchez à nouveau.'
const RELOAD = 'Rechargez la page : Call Manager a peut-être été mis à jour entre-temps.'
const IN_API = 'Dans ITSM-NG : Configuration › Générale › API'

export const words: ProblemWords = {
  problems: {
    'session-missing': { title: 'Vous n’êtes pas connecté', remedy: 'Connectez-vous à nouveau.' },
    'session-invalid': { title: 'Votre session est terminée', remedy: 'Connectez-vous à nouveau.' },
    'client-refused': {
      title: 'Aucun client de l’API n’autorise cette adresse et cet App-Token',
      remedy: `${IN_API}, ajoutez l’adresse à un client actif, ou envoyez son App-Token.`,
    },
    'login-failed': {
      title: 'Identifiant ou mot de passe incorrect',
      remedy:
        'Vérifiez l’identifiant et le mot de passe ; un administrateur peut définir un nouveau mot de passe.',
    },
    'account-refused': {
      title: 'Ce compte ne peut pas se connecter',
      remedy:
        'Demandez à un administrateur : le compte est désactivé, supprimé, hors de ses dates ou sans profil.',
    },
    'demo-login-remote': {
      title:
        'Les comptes de démonstration ne fonctionnent que depuis cette machine, jamais à travers un proxy',
      remedy:
        'Connectez-vous depuis la machine elle-même, ou créez vos propres comptes : callmanager user add',
    },
    'setup-refused': {
      title: 'Le code d’installation est faux, déjà utilisé ou vieux de plus de 30 minutes',
      remedy: 'Redémarrez le serveur pour obtenir un nouveau lien, ou lancez : callmanager user add',
    },
    'account-unusable': {
      title: 'Le compte de cette session n’est plus utilisable',
      remedy:
        'Demandez à un administrateur de réactiver le compte ou d’étendre ses dates, puis reconnectez-vous.',
    },
    'origin-refused': {
      title: 'La demande ne vient pas de nos propres pages',
      remedy: 'Ouvrez Call Manager à sa propre adresse, et réessayez depuis là.',
    },
    'right-missing': {
      title: 'Il vous manque un droit',
      remedy: 'Demandez-le à un administrateur (Administration › Profils).',
    },
    'identifier-malformed': {
      title: 'Identifiant mal formé',
      remedy: 'Il compte de 1 à 255 caractères, sans caractère de contrôle.',
    },
    'request-malformed': {
      title: 'Le serveur n’a pas compris la demande',
      remedy: 'Vérifiez ce que vous avez saisi. Si tout est juste, rechargez la page.',
    },
    'route-unknown': { title: 'Introuvable', remedy: RELOAD },
    'user-unknown': { title: 'Utilisateur introuvable', remedy: GONE },
    'ticket-unknown': { title: 'Ticket introuvable', remedy: GONE },
    'followup-unknown': { title: 'Suivi introuvable', remedy: GONE },
    'profile-unknown': { title: 'Profil introuvable', remedy: GONE },
    'entity-unknown': { title: 'Entité introuvable', remedy: GONE },
    'location-unknown': { title: 'Lieu introuvable', remedy: GONE },
    'host-item-unknown': { title: 'ITSM-NG n’a plus cet élément', remedy: GONE },
    'job-unknown': { title: 'Tâche introuvable', remedy: GONE },
    'done-by-host': {
      title: 'Cela se fait dans ITSM-NG même',
      remedy:
        'Connexion, déconnexion, changement de profil et modification des comptes se font dans ITSM-NG.',
    },
    'method-not-allowed': { title: 'Le serveur ne fait pas cela', remedy: RELOAD },
    conflict: { title: 'Déjà pris', remedy: 'Choisissez une autre valeur.' },
    'rio-shared': {
      title: 'Quelqu’un d’autre a ce RIO',
      remedy: 'Choisissez un autre RIO, ou autorisez les RIO partagés dans la configuration.',
    },
    'directory-owned': {
      title: 'Ce compte appartient à un annuaire',
      remedy: 'Modifiez-le dans l’annuaire (LDAP, SSO), ou choisissez la méthode de stockage custom_table.',
    },
    'ticket-closed': {
      title: 'Le ticket est clos',
      remedy: 'Créez un nouveau ticket, ou rouvrez celui-ci dans l’assistance.',
    },
    'last-administrator': {
      title: 'Plus personne ne pourrait administrer Call Manager',
      remedy:
        'Donnez d’abord « Modification de la configuration » à un autre profil, détenu par quelqu’un d’actif.',
    },
    'in-use': { title: 'Encore utilisé', remedy: 'Déplacez d’abord ce qui l’utilise.' },
    'job-running': {
      title: 'Une autre tâche de ce type est en cours',
      remedy: 'Attendez qu’elle se termine, ou annulez-la.',
    },
    'request-under-way': {
      title: 'Le premier essai n’a pas encore de réponse',
      remedy: 'Réessayez dans un instant : rien n’est créé deux fois.',
    },
    'changed-meanwhile': {
      title: 'Modifié entre-temps par quelqu’un d’autre',
      remedy: 'Relisez, et regardez ce qui a changé avant de sauvegarder.',
    },
    'precondition-required': { title: 'La page n’est plus à jour', remedy: RELOAD },
    'body-too-large': {
      title: 'C’est trop à la fois',
      remedy: 'Raccourcissez le texte, ou choisissez un fichier plus petit.',
    },
    'media-type-unsupported': {
      title: 'Le serveur ne lit pas ce type de fichier',
      remedy: 'Choisissez un fichier CSV.',
    },
    'value-refused': { title: 'Valeur refusée', remedy: 'Corrigez-la, puis réessayez.' },
    'idempotency-key-reused': {
      title: 'Cela a déjà été envoyé avec un autre contenu',
      remedy: 'Rechargez la page, et regardez ce qui a été créé.',
    },
    'too-many-requests': { title: 'Trop de demandes', remedy: 'Attendez un instant, puis réessayez.' },
    'internal-error': {
      title: 'Erreur interne',
      remedy: 'Indiquez à votre administrateur le numéro de la requête ; il mène à la cause dans le journal.',
    },
    'helpdesk-ill': {
      title: 'ITSM-NG ne répond pas comme il devrait',
      remedy: 'Demandez à l’exploitant de regarder le journal et de lancer : callmanager doctor',
    },
    'helpdesk-api-off': {
      title: 'L’API REST d’ITSM-NG est désactivée',
      remedy: `${IN_API}, mettez « Activer l’API Rest » à Oui, et sauvegardez.`,
    },
    'helpdesk-address-refused': {
      title: 'Aucun client de l’API d’ITSM-NG n’autorise l’adresse de Call Manager',
      remedy: `${IN_API}, donnez à un client actif l’adresse du serveur de Call Manager.`,
    },
    'helpdesk-app-token': {
      title: 'ITSM-NG refuse l’App-Token de Call Manager',
      remedy: `${IN_API}, copiez l’App-Token du client dans HELPDESK_APP_TOKEN.`,
    },
    'helpdesk-down': {
      title: 'ITSM-NG est injoignable',
      remedy: 'L’exploitant démarre le serveur web d’ITSM-NG, ou corrige HELPDESK_URL.',
    },
    'helpdesk-slow': {
      title: 'ITSM-NG n’a pas répondu à temps',
      remedy:
        'Réessayez dans un instant ; l’exploitant regarde la charge d’ITSM-NG, ou augmente HELPDESK_TIMEOUT_SECONDS.',
    },
    'helpdesk-maintenance': {
      title: 'ITSM-NG est en maintenance, ou attend sa propre mise à jour',
      remedy:
        'Réessayez plus tard ; dans ITSM-NG : Configuration › Générale › Système met fin à la maintenance.',
    },
    'stored-otherwise': {
      title: 'ITSM-NG a enregistré autre chose que ce qui lui a été envoyé',
      remedy: 'Regardez dans ITSM-NG : une de ses règles ou un de ses plugins modifie ce champ.',
    },
    'storage-unavailable': {
      title: 'La base de données ne répond pas',
      remedy: 'Réessayez dans un instant ; l’exploitant trouve la cause sous /readyz et dans le journal.',
    },
    'index-building': {
      title: 'L’index des identifiants n’est pas encore complet',
      remedy: 'Réessayez dans un instant ; /readyz indique quand il l’est.',
    },
    'pages-missing': {
      title: 'Les pages ne sont pas construites',
      remedy: 'L’exploitant lance `npm run build` et redémarre le serveur ; l’API fonctionne sans.',
    },
    overloaded: { title: 'Le serveur est surchargé', remedy: 'Réessayez dans un instant.' },
  },

  details: {
    // Texts that are typed
    'it contains control characters': 'le texte contient des caractères de contrôle',
    'it holds half a character': 'le texte contient un demi-caractère',
    'it is one line without control characters': 'le texte tient sur une ligne, sans caractère de contrôle',
    'it is empty; to clear a RIO, delete it': 'le RIO est vide ; pour le retirer, supprimez-le',
    'a ticket needs a title': 'un ticket a besoin d’un titre',
    'a followup needs a text': 'un suivi a besoin d’un texte',
    'a place needs a name': 'un lieu ou une entité a besoin d’un nom',
    'a login cannot be empty': 'un identifiant ne peut pas être vide',
    'each has the form name@domain': 'chaque adresse a la forme nom@domaine',
    'an address stands there twice': 'une adresse y figure deux fois',
    'it is a whole number from 1 to 5': 'c’est un nombre entier de 1 à 5',
    'it lies between 1970 and 2038': 'la date se situe entre 1970 et 2038',
    'there is no such time': 'cette date n’existe pas',
    'it lies before the beginning': 'la fin précède le début',
    'it is not a time zone; they are named such as Europe/Paris':
      'ce n’est pas un fuseau horaire ; ils se nomment comme Europe/Paris',
    'by hour, 93 days can be asked for at most': 'par heure, 93 jours au plus',
    'by day, 3660 days can be asked for at most': 'par jour, 3660 jours au plus',
    'the helpdesk would read some of its characters (such as &lt;) as others; leave them out':
      'ITSM-NG lirait certains de ses caractères (comme &lt;) comme d’autres ; retirez-les',
    'the helpdesk takes this word for an empty field; write it otherwise':
      'ITSM-NG prend ce mot pour un champ vide ; écrivez-le autrement',
    'the helpdesk cannot hold characters of four bytes, such as emoji; leave them out':
      'ITSM-NG ne peut pas enregistrer les caractères de quatre octets, comme les emojis ; retirez-les',
    'the helpdesk refuses it without a reason': 'ITSM-NG le refuse sans dire pourquoi',

    // People and what they hold
    'the login is in use': 'l’identifiant est déjà utilisé',
    'it is the login of somebody else': 'c’est l’identifiant de quelqu’un d’autre',
    'the login is the RIO; to change both, say so':
      'l’identifiant est le RIO ; confirmez le changement des deux',
    'RIOs are kept in this field, and it says another':
      'les RIO sont conservés dans ce champ, qui en indique un autre',
    'the RIO is the login here, which cannot be empty; set another one':
      'le RIO est ici l’identifiant, qui ne peut pas être vide ; choisissez-en un autre',
    'the RIO is the login here; send true if the person shall log in by the new one':
      'le RIO est ici l’identifiant ; confirmez que la personne se connectera avec le nouveau',
    "it is the login here, which has only letters, digits, spaces and ' @ . - _":
      "c’est ici l’identifiant, qui n’a que des lettres, des chiffres, des espaces et ' @ . - _",
    'the RIO becomes the login of each person who has one; send true if they shall log in by it':
      'le RIO devient l’identifiant de chacun qui en a un ; confirmez qu’ils se connecteront avec lui',
    'shared RIOs are refused by the settings; who has it may be in the bin or outside of your entities':
      'la configuration refuse les RIO partagés ; son détenteur est peut-être dans la corbeille ou hors de vos entités',
    'the person belongs to none of your entities': 'la personne n’appartient à aucune de vos entités',
    'a directory owns the account, and the RIO is kept with it':
      'le compte, et le RIO avec lui, appartient à un annuaire',
    'by OpenID Connect': 'par OpenID Connect',
    'you would lock yourself out': 'vous vous excluriez vous-même',
    'nobody deletes themselves': 'personne ne se supprime soi-même',
    'nobody takes from themselves the profile that they act by':
      'personne ne se retire le profil avec lequel il agit',
    'there is no default profile, so one is to be chosen':
      'il n’y a pas de profil par défaut ; choisissez-en un',
    'there is no such profile': 'ce profil n’existe pas',
    'you do not hold this profile': 'vous n’avez pas ce profil',
    'the active profile is not held in this entity': 'le profil actif ne vaut pas dans cette entité',
    'you do not hold your own profile in the entities below':
      'vous n’avez pas votre propre profil dans les sous-entités',
    'one of these profiles has rights that your active profile does not have':
      'un de ces profils a des droits que votre profil actif n’a pas',
    'the user holds a profile with rights that your active profile does not have':
      'l’utilisateur a un profil dont les droits dépassent ceux de votre profil actif',
    'the user also belongs to entities in which you do not hold your active profile':
      'l’utilisateur appartient aussi à des entités où vous n’avez pas votre profil actif',
    'demo accounts are managed from this machine only':
      'les comptes de démonstration ne se gèrent que depuis cette machine',
    'beside an ITSM-NG a person is created with one profile; add the others there':
      'auprès d’un ITSM-NG, une personne est créée avec un seul profil ; ajoutez les autres là-bas',
    'beside an ITSM-NG this is set in its own form of the user':
      'auprès d’un ITSM-NG, cela se règle dans son propre formulaire de l’utilisateur',
    'profiles of the simplified interface lose every right of a plugin in ITSM-NG':
      'dans ITSM-NG, les profils de l’interface simplifiée perdent tout droit d’un plugin',
    'it gives nothing without access.read': 'sans la lecture, ce droit ne donne rien',

    // Rights
    'the profile may see no ticket (READ on ticket)': 'le profil ne voit aucun ticket (lecture de ticket)',
    'the profile may add followups to no ticket (CREATE on followup)':
      'le profil ne peut ajouter de suivi à aucun ticket (création de followup)',
    'the profile may not add followups to this ticket (followup)':
      'le profil ne peut pas ajouter de suivi à ce ticket (followup)',
    'the profile lacks "see private" on followup':
      'le profil n’a pas le droit « Voir les privés » sur followup',
    'the profile lacks READ and UPDATE on plugin_callmanager_access':
      'le profil n’a pas la lecture et l’écriture de plugin_callmanager_access',
    'the helpdesk says that the profile may not do this': 'ITSM-NG dit que le profil ne peut pas faire cela',
    'the session has no profile': 'la session n’a pas de profil',

    // Places
    'an entity lies outside your scope': 'une entité est en dehors de votre périmètre',
    'the entity lies outside your scope': 'l’entité est en dehors de votre périmètre',
    'an entity beside it has this name': 'une entité voisine porte ce nom',
    'a location beside it has this name': 'un lieu voisin porte ce nom',
    'the root entity stands above all others': 'l’entité racine est au-dessus de toutes les autres',
    'the root entity holds everything': 'l’entité racine contient tout',
    'it is the entity itself, or lies below it': 'c’est l’entité elle-même, ou une de ses sous-entités',
    'it is the location itself, or lies within it': 'c’est le lieu lui-même, ou un de ses sous-lieux',
    'you do not hold your profile in the entities below it':
      'vous n’avez pas votre profil dans ses sous-entités',
    'you do not hold your profile in the entities below':
      'vous n’avez pas votre profil dans les sous-entités',
    'the location belongs to an entity above yours': 'le lieu appartient à une entité au-dessus de la vôtre',
    'there is no such location': 'ce lieu n’existe pas',
    'there is no such location for this entity': 'ce lieu n’existe pas pour cette entité',
    'there is no such category in the entity of the ticket':
      'cette catégorie n’existe pas dans l’entité du ticket',
    'the category is not meant for tickets of type incident': 'la catégorie n’est pas destinée aux incidents',
    'the category is not meant for tickets of type request': 'la catégorie n’est pas destinée aux demandes',
    'there are entities in it': 'elle contient des entités',
    'there are people in it': 'des utilisateurs y sont rattachés',
    'there are tickets in it': 'des tickets y sont rattachés',
    'there are locations in it': 'des lieux y sont rattachés',
    'there are categories in it': 'des catégories y sont rattachées',
    'there are groups in it': 'des groupes y sont rattachés',

    // Settings, jobs and files
    'no telephone numbering plan of this country is known':
      'aucun plan de numérotation de ce pays n’est connu',
    'there is no entity with this id': 'aucune entité n’a cet id',
    'there is no active request source with this id': 'aucune source de la demande active n’a cet id',
    'it is changed by POST storage-method/change, which copies the RIOs first':
      'elle se change par la migration, qui copie d’abord les RIO',
    'the storage method has been set to another one meanwhile':
      'la méthode de stockage a été changée entre-temps',
    'the storage method has been changed again since': 'la méthode de stockage a encore été changée depuis',
    'RIOs are kept there already': 'les RIO y sont déjà conservés',
    'this job leaves nothing to take back': 'cette tâche n’a rien laissé à reprendre',
    'the job has not ended': 'la tâche n’est pas terminée',
    'the job has ended, and can no longer be cancelled': 'la tâche est terminée et ne peut plus être annulée',
    'there is no such entity within yours': 'cette entité n’est pas parmi les vôtres',
    'the file is empty': 'le fichier est vide',
    'the file did not arrive whole': 'le fichier n’est pas arrivé en entier',
    'it is UTF-16; save it as CSV UTF-8': 'le fichier est en UTF-16 ; enregistrez-le en CSV UTF-8',
    'it is no text file': 'ce n’est pas un fichier texte',
    'it holds nothing but empty lines': 'le fichier n’a que des lignes vides',
    'it does not begin with a header row': 'le fichier ne commence pas par une ligne d’en-tête',
    'the header row names none of the columns that can be imported; see the manual for their names':
      'la ligne d’en-tête ne nomme aucune colonne importable ; leurs noms sont dans le manuel',
    'the header row has no column for the RIO': 'la ligne d’en-tête n’a pas de colonne pour le RIO',
    'the header row has none of the columns by which people are recognised: login, registration number, email':
      'la ligne d’en-tête n’a aucune des colonnes qui reconnaissent les personnes : identifiant, matricule, courriel',
    'people are imported there; here RIOs alone can be':
      'les personnes s’importent là-bas ; ici, les RIO seuls peuvent l’être',
    'it is written as the person who asks, and work that goes on without them cannot do it':
      'cela s’écrit au nom de qui le demande, ce qu’une tâche de fond ne peut pas faire',

    // What reports of jobs say of a line, or of a person
    'the person is outside of your entities, or has more rights than you':
      'la personne est hors de vos entités, ou a plus de droits que vous',
    'several people have this RIO, and a login is of one person only':
      'plusieurs personnes ont ce RIO, or un identifiant n’est qu’à une personne',
    'somebody else has this login': 'quelqu’un d’autre a cet identifiant',
    'the place holds another value, and replacing was not asked for':
      'l’emplacement contient une autre valeur, et le remplacement n’a pas été demandé',
    'it has characters that are not allowed there': 'des caractères ne sont pas autorisés à cet endroit',
    'a directory owns the account, and would undo the change':
      'un annuaire gère le compte et annulerait la modification',
    'the value has been changed since it was copied': 'la valeur a été modifiée depuis la copie',
    'it has more cells than the header row': 'plus de cellules que la ligne d’en-tête',
    'it is empty, so nobody is named': 'vide : personne ne peut être reconnu',
    'it holds letters that cannot be read; the file is of another encoding':
      'des lettres sont illisibles ; le fichier est d’un autre encodage',
    'it contains control characters, such as a line break':
      'contient des caractères de contrôle, comme un saut de ligne',
    'it is not a mail address': 'ce n’est pas une adresse de courriel',
    'it is neither yes nor no': 'ni oui ni non',
    'an earlier line of the file has the same': 'une ligne précédente du fichier a la même valeur',
    'it is kept in another column of this line, which says otherwise':
      'conservé dans une autre colonne de cette ligne, qui dit autre chose',
    'several people have it': 'plusieurs personnes ont cette valeur',
    'whoever has it is in the bin': 'la personne est dans la corbeille',
    'nobody within your entities has it': 'personne de vos entités n’a cette valeur',
    'somebody new needs a login': 'une nouvelle personne a besoin d’un identifiant',
    'it would change the login, which this import may not':
      'l’identifiant changerait, ce que cet import ne permet pas',
    'a directory owns the account and its login': 'un annuaire gère le compte et son identifiant',
    'a directory owns the account and its registration number': 'un annuaire gère le compte et son matricule',
    'somebody else has this RIO': 'quelqu’un d’autre a ce RIO',
    'several have this name; write the whole path, such as A > B > C':
      'plusieurs portent ce nom ; écrivez le chemin complet, par exemple A > B > C',
    'there is none of this name': 'aucun ne porte ce nom',
    'the entity of new people lies outside of your entities':
      'l’entité des nouvelles personnes est hors de vos entités',
    'the helpdesk would read some of its characters (such as &lt;) as others':
      'ITSM-NG lirait certains de ses caractères (comme &lt;) comme d’autres',

    // Databases and helpdesks
    'every connection to it is busy': 'toutes ses connexions sont occupées',
    'it did not answer in time': 'elle n’a pas répondu à temps',
    'somebody else holds a lock': 'quelqu’un d’autre tient un verrou',
    'what it answers is no JSON': 'sa réponse n’est pas du JSON',
    'it does not tell the id of what it has made': 'il ne dit pas l’id de ce qu’il a créé',
    'it redirects to another address: HELPDESK_URL must be the one that it answers at itself':
      'il redirige vers une autre adresse : HELPDESK_URL doit être celle où il répond lui-même',
    'what it tells of the session lacks the user, profile or entities':
      'ce qu’il dit de la session manque d’utilisateur, de profil ou d’entités',
    'it shows the session of somebody else: nothing between the two may cache its answers':
      'il montre la session de quelqu’un d’autre : rien entre les deux ne doit mettre ses réponses en cache',
  },

  patterns: [
    [/^it is longer than (\d+) characters$/, 'le texte dépasse $1 caractères'],
    [
      /^it is longer than (\d+) characters as the helpdesk stores it.*$/,
      'le texte dépasse $1 caractères comme ITSM-NG l’enregistre (< et > en prennent plusieurs)',
    ],
    [/^it is longer than (\d+) bytes$/, 'le texte dépasse $1 octets'],
    [/^it has (\d+) to (\d+) characters$/, 'il compte de $1 à $2 caractères'],
    [/^\w+ must not have more than (\d+) characters$/, 'le texte dépasse $1 caractères'],
    [/^\w+ must not have fewer than (\d+) characters$/, 'au moins $1 caractère est nécessaire'],
    // What only a programmer can use; the field that is at fault is named beside it.
    [/^(body|querystring|params|headers|request) .*$/, ''],
    [
      /^the helpdesk holds (\d+) characters, and this is (\d+) .*$/,
      'ITSM-NG enregistre $1 caractères au plus, et il y en a $2 comme il les stocke ; raccourcissez',
    ],
    [
      /^the helpdesk holds (\d+) bytes, and this is (\d+) .*$/,
      'ITSM-NG enregistre $1 octets au plus, et il y en a $2 comme il les stocke ; raccourcissez',
    ],
    [/^the helpdesk says: (.*)$/s, 'ITSM-NG dit : $1'],
    [/^the profile lacks READ on (\S+)$/, 'le profil n’a pas la lecture de $1'],
    [/^the profile lacks UPDATE on (\S+)$/, 'le profil n’a pas la mise à jour de $1'],
    [/^the profile lacks CREATE on (\S+)$/, 'le profil n’a pas la création de $1'],
    [/^the profile lacks DELETE on (\S+)$/, 'le profil n’a pas la mise à la corbeille de $1'],
    [/^the profile lacks PURGE on (\S+)$/, 'le profil n’a pas la suppression définitive de $1'],
    [/^at most (\d+) a minute$/, '$1 par minute au plus'],
    [/^only (.*)$/, 'seulement $1'],
    [
      /^two columns of the header row mean the same: (.*)$/s,
      'deux colonnes de la ligne d’en-tête disent la même chose : $1',
    ],
    [
      /^the header row has no column for (\w+), by which people are to be recognised$/,
      'la ligne d’en-tête n’a pas de colonne pour $1, qui doit reconnaître les personnes',
    ],
    [
      /^a quotation mark is opened and never closed; the file ends at line (\d+)$/,
      'un guillemet est ouvert et jamais fermé jusqu’à la fin du fichier, ligne $1',
    ],
    [/^a quotation mark is opened and never closed.*$/, 'un guillemet est ouvert et jamais fermé'],
    [
      /^a line is longer than (\d+) characters at line (\d+); perhaps a quotation mark is never closed$/,
      'la ligne $2 dépasse $1 caractères ; un guillemet n’est peut-être jamais fermé',
    ],
    [
      /^a line is longer than (\d+) characters; perhaps .*$/,
      'une ligne dépasse $1 caractères ; un guillemet n’est peut-être jamais fermé',
    ],
    [/^it is not CSV at line (\d+)$/, 'ce n’est pas du CSV, ligne $1'],
    [/^it is not CSV$/, 'ce n’est pas du CSV'],
    [
      /^RIOs of (\w+) are a column of its users: fill it there, then set rio_storage_method to it$/,
      'les RIO de $1 sont une colonne de ses utilisateurs : remplissez-la là-bas, puis choisissez cette méthode',
    ],
    [/^it was made for another .*$/, 'la page suivante a été demandée pour une autre liste ; recommencez'],
    [/^it answers (\d+)(.*)$/s, 'il répond $1$2'],
    [/^its answer is longer than (\d+) MB$/, 'sa réponse dépasse $1 Mo'],
  ],
}
