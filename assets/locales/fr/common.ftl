save = Enregistrer
saving = Enregistrement…
saved-at = Enregistré à { $time }
cancel = Annuler
close = Fermer
edit = Modifier
edit-named = Modifier : { $label }
remove = Retirer
remove-named = Retirer : { $label }
undo = Annuler
redo = Rétablir
try-again = Essayer encore
nothing-found = Rien ne correspond. Essayez un autre mot.
not-a-number = Ce n’est pas un nombre. Il n’est pas enregistré.
not-a-day = Cette date n’est pas comprise. Écrivez par exemple 30/09/2027.
day-placeholder = jour/mois/année
two-values = Deux valeurs
not-yours-to-write = Vous lisez le travail d’un autre lieu. Vous pouvez commenter ; pour le reste, parlez-en avec l’équipe.
conflict-title = { $about } : deux personnes ont écrit.
conflict-ask = Les deux valeurs sont gardées. Laquelle montrer ?
conflict-shown = montrée pour l’instant
conflict-empty = rien
conflict-uncertain = L’heure de cet ordinateur n’est pas sûre.
conflict-choose = Montrer { $value }
conflict-reason = Motif : « { $reason } »
conflict-why = Pourquoi ce choix ?
area-mnch = Mère, nouveau-né et enfant
area-fp = Planification familiale
area-malaria = Paludisme
area-nutrition = Nutrition
area-data-quality = Qualité des données
area-hrh = Ressources humaines
area-community = Communauté
level-country = pays
level-region = région
level-district = district sanitaire
level-facility = centre de santé (CSCom)
level-village = village
level-site = site
role-member = membre de l’équipe
role-lead = responsable (DTC)
role-coach = coach du district
role-region = direction régionale
role-nation = direction nationale
role-administrator = administration
role-partner = partenaire
nodata-register-missing = registre absent
nodata-register-missing-short = registre
nodata-stock-out = rupture de stock
nodata-stock-out-short = rupture
nodata-strike = grève
nodata-strike-short = grève
nodata-closed = service fermé
nodata-closed-short = fermé
nodata-other = autre raison
nodata-other-short = autre
kind-cycle = cycle
kind-team-member = équipe
kind-cycle-measure = mesure du cycle
kind-measurement = valeurs
kind-idea = idée
kind-trial = essai
kind-lesson = leçon
kind-comment = commentaire
kind-sample = tirage au sort
kind-baseline = point de départ
kind-cause = cause
kind-driver = facteur
kind-evidence = ce qui le montre
kind-opening = marque d’ouverture
kind-chart-phase = phase d’un graphique
kind-chart-freeze = repère figé
kind-excluded-point = mois écarté
kind-chart-setting = réglage d’un graphique
kind-chart-goal = objectif d’une mesure
kind-variant = définition locale d’une mesure
variant-local = définition locale
variant-of = { $place }, version { $version }
kind-event = événement
kind-action = action
kind-meeting = réunion
kind-attendance = présence
kind-decision = décision
kind-progress = avancement
kind-observation = observation
kind-photo = photo
kind-picture = image d’une photo
kind-import = import
kind-import-part = valeurs d’un import
kind-person = personne
kind-place = lieu
sealed-masked = Texte masqué
sealed-closed = Texte gardé, qui ne se lit pas ici
value-removed = retiré
value-kept = gardé
marks-saved = enregistré ici
marks-carried = parti sur une clé le { $day }
marks-district = reçu par le district le { $day }
marks-server = reçu par le serveur le { $day }
marks-opened = ouvert par { $by } le { $day }
marks-opened-more =
    { $count ->
        [one] { $opened }, et { $count } autre
       *[other] { $opened }, et { $count } autres
    }
marks-here = Encore sur cet ordinateur seulement, ou en route.
marks-arrived = Quelqu’un d’autre en a une copie.
history-record = Historique
history-show = Voir qui a écrit quoi
history-hide = Cacher l’historique
history-became = est devenu
history-put-back = Remettre
history-restored = Remis. { $field } : { $value }
history-why = Pourquoi remettre cette valeur ?
history-import = importé
history-settle = choisi entre plusieurs
history-restore = remis
history-undo = annulé
history-mask = masqué pour toujours
history-newer-field = champ d’une version plus récente
history-more = Chercher l’historique plus ancien
history-partial = Ce qui est plus ancien est resté au serveur.
history-more-left = Il en reste : continuez quand le réseau le permet.
history-complete = L’historique est complet.

doubt-telephone = « { $piece } » ressemble à un numéro de téléphone.
doubt-file-number = « { $piece } » ressemble au numéro d’un dossier ou d’une carte.
doubt-name = « { $piece } » ressemble au nom d’une personne.
doubt-why = Ce qui permet de reconnaître une patiente ou un patient n’a pas sa place ici : d’autres liront ce texte.
doubt-correct = Corriger
doubt-keep = Garder tel quel
file-choose = Choisir un fichier
folder-choose = Choisir…
folder-placeholder = Par exemple E:\ ou /media/cle
periods-day =
    { $count ->
        [one] événement
       *[other] événements
    }
periods-interval =
    { $count ->
        [one] intervalle
       *[other] intervalles
    }
periods-week =
    { $count ->
        [one] semaine
       *[other] semaines
    }
periods-month =
    { $count ->
        [one] mois
       *[other] mois
    }
periods-quarter =
    { $count ->
        [one] trimestre
       *[other] trimestres
    }
periods-year =
    { $count ->
        [one] année
       *[other] années
    }
grid-back = Grille de saisie
chart-back = Graphique
cycle-back = Cycle
