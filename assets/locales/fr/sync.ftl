sync-kick = Synchroniser
sync-sending = Envoi en cours…
sync-sending-detail = Vous pouvez continuer à travailler. Si le réseau tombe, l’envoi reprendra où il en est.
sync-sending-button = Envoi…
sync-practice = L’exemple n’envoie jamais rien. Quittez-le pour retrouver votre travail.
sync-not-enrolled = Tout est enregistré sur cet ordinateur. Il n’est pas encore relié à un serveur.
sync-safe = Tout est enregistré sur cet ordinateur.
sync-tries-again = Le serveur a trop de visiteurs en ce moment. Tout est enregistré sur cet ordinateur, qui réessaiera de lui-même le { $moment }. Vous pouvez aussi envoyer tout de suite.
sync-since = La plus ancienne saisie attend depuis le { $moment }.
sync-all-sent = Tout est envoyé, et tout ce qui était là-bas est ici.
sync-clock = L’heure de cet ordinateur s’écarte de { $minutes } minutes de celle du serveur. Vos saisies sont gardées ; réglez l’heure.
sync-review =
    { $count ->
        [one] { $count } endroit où deux personnes ont écrit
       *[other] { $count } endroits où deux personnes ont écrit
    }
sync-waiting = Ce qui attend
sync-changes =
    { $count ->
        [one] { $count } changement
       *[other] { $count } changements
    }
sync-held =
    { $count ->
        [one] { $count } saisie reçue attend une autre saisie qui n’est pas encore arrivée.
       *[other] { $count } saisies reçues attendent d’autres saisies qui ne sont pas encore arrivées.
    }
sync-now = Envoyer maintenant
sync-now-hint = Envoie ce qui attend et reçoit ce que les autres ont écrit.
sync-contact = Dernier contact
sync-never = Aucun contact encore.
sync-days-ago =
    { $days ->
        [one] il y a { $days } jour
       *[other] il y a { $days } jours
    }
sync-server = Serveur : { $server }
sync-log = Derniers envois
sync-whole-log = Tout l’historique
sync-result =
    { $sent ->
        [one] { $sent } saisie envoyée
       *[other] { $sent } saisies envoyées
    }, { $received ->
        [one] { $received } reçue
       *[other] { $received } reçues
    }, { $size }
sync-bytes = { $count } octets
sync-kilobytes = { $count } ko
enrol-title = Relier cet ordinateur
enrol-lead = Le district vous donne une adresse et un code d’invitation, qui sert une fois.
enrol-server = Adresse du serveur
enrol-code = Code d’invitation
enrol-act = Relier
enrol-hint = Rien n’est perdu si cela échoue.
enrol-busy = Connexion au serveur…
field-name-name = nom
field-level-name = niveau
field-parent-name = lieu au-dessus
field-code-name = code
field-aliases-name = autres noms
field-same-as-name = même lieu
field-role-name = rôle
field-place-name = lieu
field-template-name = modèle
field-area-name = domaine
field-title-name = titre
field-problem-name = problème
field-aim-who-name = objectif, qui
field-aim-what-name = objectif, quoi
field-aim-from-name = objectif, départ
field-aim-to-name = objectif, arrivée
field-aim-by-name = objectif, date
field-cause-name = cause
field-opened-name = date d’ouverture
field-status-name = état
field-cycle-name = cycle
field-post-name = fonction
field-since-name = début
field-until-name = fin
field-indicator-name = mesure
field-position-name = rang
field-goal-name = objectif
field-period-name = mois
field-stratum-name = groupe
field-source-name = source
field-numerator-name = numérateur
field-denominator-name = dénominateur
field-no-data-name = pas de donnée
field-explanation-name = explication
field-text-name = texte
field-said-name = texte
field-phone-name = téléphone
field-idea-name = idée
field-who-name = qui
field-scale-name = combien, avec qui
field-starts-name = début
field-ends-name = fin
field-prediction-name = prédiction
field-data-plan-name = ce qui est compté
field-happened-name = ce qui s’est passé
field-seen-n-name = nombre vu
field-seen-d-name = sur combien
field-comparison-name = comparaison
field-learned-name = ce qui est appris
field-decision-name = décision
field-decided-name = date de décision
field-trial-name = essai
field-what-name = ce qui a été fait
field-conditions-name = conditions
field-cost-name = coût
field-evidence-name = preuve
field-main-cause-name = cause principale
field-sex-name = sexe
field-community-name = siège pour la communauté
field-driver-name = facteur
field-effort-name = effort
field-effect-name = effet attendu
field-votes-name = voix
field-caption-name = légende
field-picture-name = image
field-image-name = image
field-observation-name = observation
field-category-name = famille
field-standing-name = où en est-on
field-record-name = lien
field-population-name = nombre de lignes
field-size-name = lignes tirées
field-seed-name = graine
field-first-name = première période
field-last-name = dernière période
field-version-name = version de la définition
field-variant-name = définition locale
field-about-name = sujet
field-day-name = jour
field-reason-name = raison
field-chart-name = graphique
field-rules-name = règles
field-sort-name = sorte
field-due-name = pour quand
field-means-name = moyens
field-payer-name = qui paie
field-started-name = commencé le
field-given-up-name = pourquoi abandonné
field-reply-name = réponse
field-venue-name = lieu
field-extent-name = échelle
field-after-name = suite de
field-score-name = avancement
field-agenda-name = ordre du jour
field-notes-name = ce qui s’est dit
field-meeting-name = réunion
field-origin-name = constat
field-done-name = fait le
field-deleted-name = retiré
sync-clock-days = L’heure de cet ordinateur s’écarte de { $days } jours de celle du serveur. Vos saisies sont gardées ; réglez la date et l’heure.
sync-clock-do = Cliquez sur l’heure en bas de l’écran de l’ordinateur, puis « Régler l’heure ». Vous pouvez continuer à travailler et à envoyer.
sync-big-waiting =
    { $count ->
        [one] { $count } saisie attend
       *[other] { $count } saisies attendent
    }
sync-big-carried =
    { $count ->
        [one] { $count } saisie sur une clé
       *[other] { $count } saisies sur une clé
    }
sync-big-held =
    { $count ->
        [one] { $count } saisie reçue en attend une autre
       *[other] { $count } saisies reçues en attendent d’autres
    }
sync-big-problem =
    { $count ->
        [one] { $count } saisie à voir
       *[other] { $count } saisies à voir
    }
sync-carried-lead = Tout est enregistré sur cet ordinateur. Ce qui est parti sur une clé sera « reçu » quand le district ou le serveur l’aura dit.
sync-held-lead = Tout ce qui est d’ici est envoyé. Ce qui a été reçu est gardé, et se montrera quand la suite arrivera.
sync-carried-some =
    { $count ->
        [one] dont une sur une clé, sans nouvelles encore
       *[other] dont { $count } sur une clé, sans nouvelles encore
    }
sync-revoked = Le district a retiré cet ordinateur. Ce qui est ci-dessous n’est pas encore arrivé au serveur : tout est gardé ici.
sync-review-safe = Toutes les valeurs sont gardées.
sync-review-act = Réviser
sync-open = Ouvrir
sync-open-named = Ouvrir : { $name }
sync-retry = Renvoyer
sync-retry-named = Renvoyer : { $name }
sync-export = Exporter ce qui attend
sync-waits = Reçu, et en attente d’autres saisies
sync-waits-why = Ces saisies sont arrivées avant celles dont elles partent. Elles sont gardées, et se montreront d’elles-mêmes.
sync-waits-one = Une saisie
sync-waits-for = Attend { $whom }
sync-waits-of =
    { $count ->
        [one] une saisie de { $place }
       *[other] { $count } saisies de { $place }
    }
sync-waits-late =
    { $count ->
        [one] Une saisie attend depuis plus de 30 jours. Demandez à son lieu d’envoyer, par le réseau ou par une clé.
       *[other] { $count } saisies attendent depuis plus de 30 jours. Demandez à leurs lieux d’envoyer, par le réseau ou par une clé.
    }
sync-aside = Mis de côté
sync-aside-lead = Rien n’est perdu : ce qui n’a pas pu entrer est gardé à part, avec sa raison.
sync-aside-of =
    { $count ->
        [one] Une saisie de { $from }, { $place }
       *[other] { $count } saisies de { $from }, { $place }
    }
aside-scope = Écrit pour un lieu que cet ordinateur n’a pas le droit d’écrire.
aside-scope-do = Le district peut l’accepter ou donner le droit : montrez-lui cette ligne.
aside-revoked = Écrit sur un ordinateur que le district avait retiré.
aside-revoked-do = Le district regarde ces saisies et peut les accepter.
aside-author-revoked = Écrit par quelqu’un à qui le district a retiré l’accès.
aside-author-revoked-do = Le district regarde ces saisies et peut les accepter. Ce qui suit attend avec elles.
aside-fork = Deux copies d’un même ordinateur ont écrit chacune de son côté.
aside-fork-do = Rien à faire : elles sont écrites de nouveau sous un nouveau nom.
aside-unknown-sender = Vient d’un ordinateur que personne ici ne connaît.
aside-unknown-sender-do = Si vous le connaissez, faites-lui confiance à la page Clé USB.
aside-newer = Vient d’une version plus récente de Ɲɛtaa.
aside-newer-do = Installez la nouvelle version : ces saisies entreront d’elles-mêmes.
aside-damaged = Arrivé abîmé.
aside-damaged-do = Demandez à ce lieu d’envoyer encore. Si cela revient, dites « { $id } » à votre coach.
sync-cancel = Arrêter l’envoi
sync-stopping = Arrêt…
sync-cancel-safe = Ce qui est parti est parti ; le reste attend ici. Rien ne se perd.
stage-asking = Appel du serveur…
stage-sending = Envoi : { $done } sur { $total } saisies, { $size }
stage-receiving = Réception : { $done } sur { $total } saisies, { $size }
stage-receiving-some =
    { $done ->
        [one] Réception : { $done } saisie, { $size }
       *[other] Réception : { $done } saisies, { $size }
    }
stage-history = Réception de l’historique plus ancien, { $size }
sync-megabytes = { $count } Mo
sync-gigabytes = { $count } Go
log-title = Journal des envois
log-lead = Chaque envoi et chaque réception, par le réseau ou par clé. Le journal reste après un redémarrage.
log-none = Aucun envoi encore.
log-none-hint = Le premier envoi, par le réseau ou par clé, s’écrira ici.
log-export = Exporter le journal
log-export-hint = Sans nom de personne ni contenu : il peut être montré à qui aide.
log-took = { $what }, en { $seconds } s
log-removed = { $what }. D’autres ont retiré { $count } éléments d’un coup : voir « Ce qui a été retiré ».
log-nothing = Rien à envoyer, rien de nouveau, { $size }
log-successor = Le serveur a été remplacé. Cet ordinateur a reconnu le nouveau ; rien n’est perdu.
log-stick-out =
    { $sent ->
        [one] { $sent } saisie copiée sur une clé, { $size }
       *[other] { $sent } saisies copiées sur une clé, { $size }
    }
log-stick-in =
    { $received ->
        [one] { $received } saisie prise d’une clé, { $size }
       *[other] { $received } saisies prises d’une clé, { $size }
    }
review-position = Réviser, { $at } sur { $count }
review-done = Choisi. { $said }
review-ask-many = Toutes les valeurs sont gardées. Laquelle montrer ?
review-out-of = { $n } sur { $d }
review-of = sur { $d }
review-written = { $place }, le { $moment }
review-choose-text = Montrer ce texte
review-choose-one = Choisir…
review-ask-closed = Les deux textes sont gardés sous clé et ne se lisent pas ici. Demandez le bon, et écrivez-le.
review-right = Écrire le bon texte
review-third = Saisir une troisième valeur
review-third-act = Montrer celle-ci
review-later = Plus tard
review-why = Pourquoi plusieurs valeurs
review-why-said = { $one } et { $other } ont écrit sans avoir encore reçu la saisie de l’autre. Personne n’a rien effacé.
review-changes = Ce que le choix change
review-changes-text = Ce qui se lit à « { $what } ». Les autres textes restent dans l’historique.
review-none = Rien à choisir.
review-none-hint = Quand deux personnes écrivent au même endroit sans se voir, les deux valeurs sont gardées et la question vient ici.
review-back = Retour à la synchronisation
devices-title = Qui n’a pas synchronisé
devices-lead = Ce que chaque ordinateur a dit à son dernier contact. Un silence vient souvent du réseau ou du courant, pas des personnes.
devices-none = Aucun ordinateur encore.
devices-none-hint = Les ordinateurs invités par le serveur apparaîtront ici après le prochain envoi.
devices-late = Pas de nouvelles depuis un moment
devices-late-do = Une visite avec une clé rapporte leur travail, sans réseau.
devices-never = Jamais de contact
devices-fresh = Ont donné des nouvelles
devices-never-seen = Jamais vu
devices-today = Vu aujourd’hui
devices-seen =
    { $days ->
        [one] Vu il y a { $days } jour
       *[other] Vu il y a { $days } jours
    }
devices-not-seen =
    { $days ->
        [one] Pas vu depuis { $days } jour
       *[other] Pas vu depuis { $days } jours
    }
devices-waiting =
    { $count ->
        [one] { $count } saisie attendait
       *[other] { $count } saisies attendaient
    }
devices-nothing-waited = Rien n’attendait
sync-aside-some =
    { $count ->
        [one] Une saisie, { $place }
       *[other] { $count } saisies, { $place }
    }
sync-refused = Le serveur l’a mis de côté.
aside-full = Trop de saisies de cet ordinateur sont déjà de côté sur le serveur.
aside-full-do = Le district doit d’abord les regarder : appelez votre coach.
stage-snapshot = Réception du lieu tel qu’il est aujourd’hui : { $done } sur { $total }
stage-snapshot-some = Réception du lieu tel qu’il est aujourd’hui, { $size }
review-title-many = { $about } : plusieurs personnes ont écrit.
sync-copied-since = Depuis le { $day }, cet ordinateur va sous un nouveau nom : c’est une copie, ou il a été repris d’une sauvegarde.
sync-copied-do = C’est pour que rien ne se mélange. Vous n’avez rien à faire ; tout est gardé.
sync-copied = Cet ordinateur est une copie, ou a été repris d’une sauvegarde. Il va sous un nouveau nom.
sync-stick = Clé USB…
sync-stick-hint = Envoyer et recevoir sans réseau.
stick-title = Clé USB
stick-lead = Ce que vous écrivez voyage chiffré. Celui qui porte la clé ne peut ni le lire ni le changer.
stick-which = Quelle clé ?
stick-named = Clé « { $name } »
stick-free = { $size } libres
stick-ours = a déjà servi à Ɲɛtaa
stick-other = Un autre dossier
stick-path = Dossier
stick-none = Branchez la clé : elle apparaîtra ici d’elle-même.
stick-send = Mettre sur la clé
stick-send-what =
    { $count ->
        [one] { $count } saisie attend d’être reçue par le district ou le serveur.
       *[other] { $count } saisies attendent d’être reçues par le district ou le serveur.
    }
stick-send-nothing = Rien n’attend d’ici. La clé peut encore porter ce que d’autres n’ont pas.
stick-send-safe = Vous pouvez recommencer autant de fois que vous voulez : rien ne compte deux fois.
stick-send-act = Copier sur la clé
stick-sending = Copie sur la clé… Ne la retirez pas.
stick-sent =
    { $count ->
        [one] { $count } saisie de { $place } est sur la clé. Elle sera « reçue » quand le district ou le serveur l’aura dit.
       *[other] { $count } saisies de { $place } sont sur la clé. Elles seront « reçues » quand le district ou le serveur l’aura dit.
    }
stick-sent-nothing = Aucune saisie de { $place } n’attendait. La clé porte ce que d’autres n’ont peut-être pas.
stick-sent-for = Lisible seulement par : { $names }.
stick-sent-files =
    { $count ->
        [one] Un fichier, { $size }.
       *[other] { $count } fichiers, { $size }.
    }
stick-verified = Relu sur la clé : tout y est.
stick-remove = Vous pouvez retirer la clé.
stick-receive = Prendre de la clé
stick-receive-first = Choisissez d’abord la clé.
stick-receive-none = Aucun fichier de Ɲɛtaa sur cette clé.
stick-receive-act = Prendre ce qui est nouveau
stick-receiving = Lecture de la clé… Ne la retirez pas.
stick-file-new = nouveau
stick-file-new-saves =
    { $count ->
        [one] nouveau, { $count } saisie
       *[other] nouveau, { $count } saisies
    }
stick-file-unknown = ordinateur inconnu
stick-file-not-for-us = pour d’autres : reste sur la clé
stick-file-sealed = Fichier chiffré
stick-file-number = envoi { $number }
stick-trust = Faire confiance à l’ordinateur de { $person }, { $place } ?
stick-trust-means = Dites oui si cette personne est devant vous, ou si vous connaissez cet ordinateur. Ce qu’il envoie pour son lieu entrera ici. Si vous dites non, rien n’entre et le fichier reste sur la clé.
stick-trust-yes = Oui, je le connais
stick-trust-no = Non
stick-trusted =
    { $count ->
        [one] Un ordinateur de plus aura votre confiance.
       *[other] { $count } ordinateurs de plus auront votre confiance.
    }
stick-got =
    { $count ->
        [one] { $count } saisie nouvelle est prise de la clé.
       *[other] { $count } saisies nouvelles sont prises de la clé.
    }
stick-got-nothing = Rien de nouveau sur la clé.
stick-got-known =
    { $count ->
        [one] { $count } était déjà là.
       *[other] { $count } étaient déjà là.
    }
stick-got-receipts =
    { $count ->
        [one] { $count } accusé de réception est arrivé.
       *[other] { $count } accusés de réception sont arrivés.
    }
stick-got-not-for-us =
    { $count ->
        [one] Un fichier est pour d’autres : il reste sur la clé.
       *[other] { $count } fichiers sont pour d’autres : ils restent sur la clé.
    }
stick-damaged = { $file } : { $why }
cards-title =
    { $count ->
        [one] Un ordinateur de confiance
       *[other] { $count } ordinateurs de confiance
    }
cards-lead = Ce que ces ordinateurs mettent sur une clé pour leur lieu entre ici.
cards-forget = Ne plus faire confiance
cards-forget-named = Ne plus faire confiance : { $person }
devices-stick = Préparer une clé
aside-gap = Arrivé avant ce qui le précède.
aside-gap-do = Rien à faire : entrera de lui-même quand le reste arrivera.
stick-file-card = carte d’un ordinateur connu
stick-sent-card = Personne n’est encore connu ici qui pourrait lire vos saisies : seule la carte de cet ordinateur est sur la clé. Vos saisies restent ici.
stick-sent-card-next = Sur l’autre ordinateur : prendre de la clé, dire oui, copier sur la clé. Puis ici : prendre de la clé, dire oui, et copier de nouveau.
stick-got-trusted =
    { $count ->
        [one] Un ordinateur de plus est connu ici.
       *[other] { $count } ordinateurs de plus sont connus ici.
    }
stick-got-aside =
    { $count ->
        [one] { $count } saisie est mise de côté, avec sa raison à la page Synchroniser.
       *[other] { $count } saisies sont mises de côté, avec leur raison à la page Synchroniser.
    }
stick-reason-damaged = abîmé : demandez une nouvelle copie
stick-reason-newer = d’une version plus récente de Ɲɛtaa : installez-la d’abord
stick-reason-too-large = trop grand : demandez une nouvelle copie
stick-reason-signature = pas écrit par celui qu’il nomme : rien n’entre
review-changes-value = Ce qui se lit pour { $month }, dans la grille et sur le graphique. Les autres valeurs restent dans l’historique.
enrol-root = Un certificat est venu avec l’invitation
enrol-root-hint = Choisissez le fichier. Cet ordinateur ne croira plus que ce serveur-là.
devices-never-do = Aucun ordinateur de ces centres n’a encore donné de nouvelles : demandez s’il manque le code, le réseau ou l’ordinateur.
stick-sent-others =
    { $count ->
        [one] La clé porte aussi une saisie que d’autres n’ont peut-être pas encore.
       *[other] La clé porte aussi { $count } saisies que d’autres n’ont peut-être pas encore.
    }
stick-server = le serveur
stick-files =
    { $count ->
        [one] Un fichier à voir sur la clé :
       *[other] { $count } fichiers à voir sur la clé :
    }
stick-files-known =
    { $count ->
        [one] Un fichier est déjà pris.
       *[other] { $count } fichiers sont déjà pris.
    }
stick-file-known = déjà pris
sync-revoked-do = Envoyez, ou mettez ces saisies sur une clé, ou exportez-les : une personne du district les regarde et peut les accepter. Quand tout sera remis, cet ordinateur ne gardera plus rien.
sync-revoked-left = Le district a retiré cet ordinateur le { $day }. Tout ce qui y était enregistré a été remis au serveur, puis effacé d’ici.
sync-revoked-left-do = Rien n’est perdu. Une personne du district regarde les dernières saisies et peut les accepter. Pour travailler de nouveau ici, demandez une invitation à votre coach : ce qui est au serveur reviendra.
enrol-again = Avec une nouvelle invitation, cet ordinateur revient sous un nouveau nom, et les données de votre lieu avec lui.
stage-stick = Ouverture de la clé…
stage-stick-out = Copie : fichier { $at } sur { $total }, { $size }
stage-stick-in = Lecture : fichier { $at } sur { $total }, { $size }
stick-cancel = Arrêter la copie
stick-cancel-safe = Ne retirez pas la clé. L’arrêt attend la fin du fichier en cours : ce qui est passé est entier.
stick-send-stopped = Copie arrêtée. Les fichiers déjà sur la clé sont entiers ; recommencez quand vous voulez.
stick-receive-stopped = Lecture arrêtée. Ce qui était déjà pris est gardé ; le reste est toujours sur la clé.
demand-title = Lire un centre
demand-lead = Vous recevez les sommes de tous les centres. Cochez un centre pour lire aussi ses cycles et ses chiffres. Vous lisez, sans y écrire.
demand-none = Aucun centre à lire encore.
demand-none-hint = Les centres apparaissent ici après un envoi, dès qu’un de leurs ordinateurs est relié au serveur.
demand-search = Chercher un centre ou un district
demand-not-found = Aucun centre ne s’appelle « { $wanted } ».
demand-no-district = District inconnu
demand-no-name = Centre sans nom encore
demand-here = ici
demand-coming = arrive au prochain envoi
demand-leaving = part au prochain envoi
demand-next =
    { $count ->
        [one] Un centre change au prochain envoi.
       *[other] { $count } centres changent au prochain envoi.
    }
sync-aside-unknown =
    { $count ->
        [one] Une saisie d’un lieu inconnu ici
       *[other] { $count } saisies d’un lieu inconnu ici
    }
stick-files-more =
    { $count ->
        [one] Et un autre fichier.
       *[other] Et { $count } autres fichiers.
    }
issue-title = Se relier par le coach, sans réseau
issue-title-coach = Relier un ordinateur, sans réseau
issue-lead = Une clé suffit : cet ordinateur écrit une demande, le coach du district répond, et le travail commence. Le serveur confirmera au premier contact.
issue-lead-coach = Un nouvel ordinateur d’un centre de votre district a écrit une demande sur une clé. Assurez-vous de la personne, comparez les signes, puis répondez.
issue-stick = Clé
issue-folder = Un autre dossier
issue-folder-path = Chemin du dossier
issue-asked = Demandes sur cette clé
issue-new-place = { $place }, nouveau dans le district
issue-check = Lisez-vous ces signes l’un à l’autre :
issue-answer = Relier
issue-answer-again = Relier encore
issue-answer-named = Relier l’ordinateur de { $name }
issue-none = Aucune demande sur cette clé.
issue-none-hint = Sur le nouvel ordinateur : Envoyer et recevoir, puis « Sans réseau : par le coach ».
issue-answered = La réponse pour { $name } est sur la clé, avec ce que vous avez de son centre.
issue-tell = Dites ces signes à la personne, de vive voix :
issue-left =
    { $count ->
        [0] Vous ne pouvez plus relier d’ordinateur sans le serveur.
        [one] Vous pouvez encore relier un ordinateur sans le serveur.
       *[other] Vous pouvez encore relier { $count } ordinateurs sans le serveur.
    }
issue-ask = 1. Demander
issue-ask-act = Écrire la demande
issue-carry = La demande est sur la clé. Portez-la au coach, qui voit les mêmes signes.
issue-take = 2. Prendre la réponse
issue-take-check = Les dix signes que dit le coach
issue-take-act = Commencer
enrol-by-coach = Sans réseau : par le coach, avec une clé
sync-provisional = Relié par votre coach. Le serveur confirmera au premier contact ; d’ici là, vos saisies sont provisoires.
