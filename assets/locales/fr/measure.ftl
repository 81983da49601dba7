measure-title =
    { $span ->
        [week] Mesurer la { $month }
        [quarter] Mesurer le { $month }
        [year] Mesurer l’année { $month }
       *[month] Mesurer { $month }
    }
measure-title-events = Mesurer les événements
measure-filled =
    { $filled ->
        [one] { $filled } mesure
       *[other] { $filled } mesures
    } sur { $expected } { $span ->
        [week] pour cette semaine.
        [quarter] pour ce trimestre.
        [year] pour cette année.
       *[month] pour ce mois.
    }
measure-months = { $count } mois
measure-months-label = Mois montrés
measure-often = Ce qui se compte
columns-weekly = Semaines
columns-monthly = Mois
columns-quarterly = Trimestres
columns-annual = Années
columns-event = Événements
measure-split = Détailler par…
measure-split-sex = Sexe
measure-split-age = Âge
measure-split-site = Village ou site
measure-source = Autre source…
measure-written = Écrit
source-register = Registre
source-dhis2 = DHIS2
source-recount = Recompte
source-community = Communauté
cell-written = { $source }, { $author }, { $at }
import-source = D’où viennent ces valeurs
chart-from = Source
chart-split = Détailler le graphique
chart-split-none = Ensemble
chart-parts = Chaque partie, à la même échelle
stratum-sex-f = Femmes, filles
stratum-sex-m = Hommes, garçons
stratum-age-0-4 = Moins de 5 ans
stratum-age-5-14 = 5 à 14 ans
stratum-age-15-19 = 15 à 19 ans
stratum-age-20-24 = 20 à 24 ans
stratum-age-25-plus = 25 ans et plus
measure-event-day = Jour de l’événement
measure-event-add = Ajouter ce jour
measure-import = Importer un fichier
measure-tools = Outils
measure-none = Aucune mesure à saisir.
measure-none-hint = Les mesures viennent des cycles : commencez-en un, la grille s’ouvre ici.
measure-none-act = Commencer un cycle
sheet-link = Feuille de comptage
sheet-title = Feuille de comptage : { $place }
sheet-print = Imprimer la feuille
sheet-columns-label = Cases par ligne
sheet-columns =
    { $count ->
        [one] { $count } case par ligne
       *[other] { $count } cases par ligne
    }
sheet-by = Compté par
sheet-on = le
sheet-code = Code
sheet-zero = Rien ne s’est produit : écrivez 0. Une case vide veut dire « pas encore compté ».
sheet-no-data = Pas de donnée : écrivez un tiret et la raison ({ $reasons }).
sheet-enter = Pour saisir : dans la grille, tapez le code de la ligne puis Entrée. La main y va, dans la même colonne.
tally-link = Compter dans les villages
tally-sheet = Fiche à cocher
tally-sheet-how = Barrez un rond par personne ou par cas, de gauche à droite. À la fin du mois, comptez les ronds barrés et écrivez le total dans la case.
tally-title = Compter dans les villages, { $month }
tally-lead = Un trait par personne ou par cas : la barre d’espace ou un clic en ajoute un, Retour arrière en retire un. Vous pouvez aussi taper le nombre.
tally-total = Ensemble
tally-less = { $village } : un de moins
tally-kept = Chaque village et l’ensemble sont gardés avec la source « Communauté », à côté du registre et jamais à sa place.
tally-apart = L’ensemble de la source « Communauté » a été saisi ou importé à part ({ $whole }) et reste tel quel. Ici, seul le compte de chaque village est gardé ; l’ensemble se change dans la grille.
tally-none = Aucun village n’est encore inscrit ici.
tally-none-hint = Inscrivez vos villages et sites une fois : chacun a ensuite sa ligne.
tally-none-act = Inscrire les villages
sample-link = Tirer des dossiers au sort
sample-title = Tirer des dossiers au sort
sample-paper = Liste tirée au hasard : { $measure }
sample-lead = Pour vérifier sans choisir : numérotez les lignes du registre ou les dossiers à partir de 1, puis tirez-en quelques-uns. La graine permet à quelqu’un d’autre de retrouver la même liste.
sample-measure = Pour quelle mesure
sample-population = Combien de lignes, { $month }
sample-size = Combien à tirer
sample-seed = Graine, pour une liste déjà tirée
sample-draw = Tirer au sort
sample-register = Source : { $register }.
sample-count =
    { $size ->
        [one] { $size } ligne sur { $population }.
       *[other] { $size } lignes sur { $population }.
    }
sample-made = Graine { $seed }, { $size } lignes sur { $population }, tirées le { $day }. Les mêmes nombres redonnent la même liste.
sample-before = Listes déjà tirées
sample-show = Montrer
measure-chart = Graphique de la mesure
measure-grid = Valeurs par mois
measure-head = Mesure et registre
measure-numerator = Numérateur
measure-denominator = Dénominateur
cell-name = { $measure }, { $month }
cell-empty = vide
cell-none = pas de donnée
cell-no-data = pas de donnée : { $reason }
cell-open = deux valeurs à choisir
cell-asked = à vérifier
cell-told = Expliqué : { $explanation }
cell-corrected = Écrit par le coach : { $author }
cell-reason = Motif : « { $reason } »
paste-outside =
    { $count ->
        [one] { $count } valeur collée tombe hors de la grille : elle n’est pas enregistrée.
       *[other] { $count } valeurs collées tombent hors de la grille : elles ne sont pas enregistrées.
    }
ask-why =
    { $count ->
        [one] Vous corrigez la valeur d’un autre lieu. Pourquoi ?
       *[other] Vous corrigez { $count } valeurs d’un autre lieu. Pourquoi ?
    }
ask-why-placeholder = Par exemple : recompté dans le registre
ask-why-save = Corriger avec cette raison
ask-leave-as-it-was = Laisser comme c’était
ask-no-data = Pas de donnée : pourquoi ?
ask-because = Oui, parce que…
ask-yes-because = Oui, parce que…
ask-correct = Corriger
ask-take-up =
    { $span ->
        [week] Reprendre les { $count } dernières semaines dans le registre.
        [quarter] Reprendre les { $count } derniers trimestres dans le registre.
        [year] Reprendre la dernière année dans le registre.
       *[month] Reprendre les { $count } derniers mois dans le registre.
    }
ask-take-up-why =
    { $span ->
        [week] Dix semaines suffisent pour un premier verdict.
        [quarter] Dix trimestres suffisent pour un premier verdict.
        [year] Dix années suffisent pour un premier verdict.
       *[month] Dix mois suffisent pour un premier verdict.
    }
ask-take-up-act =
    { $span ->
        [week] Reprendre les { $count } dernières semaines
        [quarter] Reprendre les { $count } derniers trimestres
        [year] Reprendre la dernière année
       *[month] Reprendre les { $count } derniers mois
    }
ask-questions =
    { $count ->
        [one] { $count } valeur à vérifier. Tout est enregistré sur cet ordinateur.
       *[other] { $count } valeurs à vérifier. Tout est enregistré sur cet ordinateur.
    }
ask-questions-act = Voir
key-ctrl = Ctrl
key-next = suivant
key-zero = zéro
key-no-data = pas de donnée
key-edit = modifier
key-undo = annuler
key-question = question suivante
question-typed =
    { $span ->
        [month] { $value } en { $month } :
       *[other] { $value }, { $month } :
    }
question-numerator-above-denominator = le numérateur dépasse le dénominateur. Est-ce juste ?
question-not-whole = ce n’est pas un nombre entier ({ $words }). Est-ce juste ?
question-jump-above =
    { $span ->
        [month] bien plus qu’en { $month } ({ $last }). Est-ce juste ?
       *[other] bien plus que la dernière fois ({ $month } : { $last }). Est-ce juste ?
    }
question-jump-below =
    { $span ->
        [month] bien moins qu’en { $month } ({ $last }). Est-ce juste ?
       *[other] bien moins que la dernière fois ({ $month } : { $last }). Est-ce juste ?
    }
question-unusual-size = les { $months } { $periods } d’avant allaient de { $smallest } à { $largest } ({ $words }). Est-ce juste ?
question-parts-differ = les lignes détaillées en font { $parts } ({ $words }). Est-ce juste ?
question-missing-period = { $month } :
question-missing = rien n’est saisi, mais { $before } et { $after } le sont. Reprenez le registre, ou tapez « - » s’il n’y a pas de donnée.
question-zero-after-activity = les { $months } { $periods } d’avant en comptaient { $total } ({ $words }). Rien ne s’est passé, ou pas de donnée ?
history-button = Historique de la valeur
history-none = Personne n’a encore rien écrit ici.
field-numerator = Numérateur
field-denominator = Dénominateur
field-no-data = Pas de donnée
field-explanation = Explication
import-title = Importer des valeurs
import-lead = Un fichier de tableur (XLSX, XLS, ODS) ou un CSV : une ligne par mesure et par mois, ou les mois côte à côte. Vous voyez tout avant que quoi que ce soit ne soit enregistré.
import-choose = Choisir un fichier
import-choose-other = Choisir un autre fichier
import-reading = Lecture du fichier…
import-saved =
    { $count ->
        [one] { $count } ligne est enregistrée.
       *[other] { $count } lignes sont enregistrées.
    }
import-see = Voir la grille
import-preview = Aperçu
import-preview-of = Aperçu : { $file }
import-counts = Lignes nouvelles : { $added } ; changées : { $changed } ; déjà là : { $same }.
import-errors =
    { $count ->
        [one] { $count } erreur dans le fichier.
       *[other] { $count } erreurs dans le fichier.
    }
import-errors-safe = Rien n’est enregistré. Corrigez le fichier, puis choisissez-le encore.
import-sheet = Feuille
import-prepare = Préparer un classeur à remplir
import-prepared = Le classeur est ici : { $path }
book-code = Code
book-counted = Ce qui est compté
book-number = Nombre
book-entry = Saisie
book-entry-lead = Remplissez les mois, gardez les codes, puis choisissez ce classeur dans Mesurer, Importer. Sans donnée : la raison, comme sur la feuille des raisons.
book-reasons = Raisons
book-refused = Un nombre ou une raison
book-refused-why = Ici va un nombre à partir de zéro, ou une des raisons de la feuille « Raisons », ou un tiret. Une cellule vide reste sans réponse.
book-data = Données
book-goal = Objectif
book-signal = Signal
book-remarks = Remarques
book-events = Événements et essais
book-definition = Définition : { $source }
book-written = Écrit par { $by } le { $day } avec Ɲɛtaa.
book-no-data = pas de donnée : { $reason }
book-incomplete = pas encore complet
book-excluded = écarté par { $by } : { $reason }
book-taken-back = { $what }, retiré
book-decisions = Décisions
book-day = Jour
book-who = Qui
book-what = Quoi
book-set = Réglage
book-why = Pourquoi
book-until = Jusqu’à
picture-label = Emporter ce graphique
picture-title = { $measure }, { $place }
picture-copy = Copier l’image
picture-png = Image PNG
picture-svg = Image SVG
picture-pdf = Page PDF
picture-book = Données (XLSX)
picture-saved = Le fichier est ici : { $path }
picture-copied = L’image est copiée : collez-la dans un document ou un message.
picture-not-copied = Cet ordinateur ne laisse pas copier l’image. Enregistrez-la en PNG.
paper-page = { $page } sur { $pages }
paper-pdf = Enregistrer en PDF
paper-word = Enregistrer en DOCX
paper-signature = Signature
paper-day = Date
import-columns = Que contient chaque colonne ?
import-columns-lead = Les titres de la ligne { $row } ne le disent pas. Indiquez-le une fois : Ɲɛtaa s’en souviendra pour les fichiers qui ont les mêmes titres.
import-columns-missing = Il manque encore : { $missing }.
import-columns-read = Lire avec ces colonnes
import-columns-change = Changer les colonnes
import-columns-remembered = Les colonnes sont lues comme la dernière fois.
import-column-heading = Titre dans le fichier
import-column-sample = Exemple
import-column-holds = Contient
import-column-none = rien à lire
import-column-month = mois : { $month }
import-column-place = Lieu
import-column-indicator = Indicateur
import-column-part = Numérateur ou dénominateur
import-column-period = Période
import-column-numerator = Numérateur
import-column-denominator = Dénominateur
import-column-no-data = Pas de donnée
import-done-before = Ce fichier a déjà été importé le { $day }.
import-nothing = Tout ce que dit ce fichier est déjà là. Rien à faire.
import-apply-right =
    { $count ->
        [0] Écrire les lignes refusées dans un fichier
        [one] Enregistrer { $count } ligne juste, et écrire les refusées dans un fichier
       *[other] Enregistrer les { $count } lignes justes, et écrire les refusées dans un fichier
    }
import-refused = Les lignes refusées sont écrites ici, chacune avec son motif : { $path }. Corrigez ce fichier, puis choisissez-le ici.
import-refused-file = refusees
import-refused-row = Ligne du fichier
import-refused-why = Motif du refus
import-past = Les imports faits ici
import-past-line =
    { $count ->
        [one] { $day }, { $by } : { $count } valeur
       *[other] { $day }, { $by } : { $count } valeurs
    }
import-past-undone = annulé le { $day }
import-undo = Annuler cet import
import-undo-ask =
    { $count ->
        [one] { $count } valeur redira ce qu’elle disait avant.
       *[other] { $count } valeurs rediront ce qu’elles disaient avant.
    }
import-undo-kept =
    { $count ->
        [one] { $count } a été changée depuis, et reste.
       *[other] { $count } ont été changées depuis, et restent.
    }
import-undo-yes = Oui, annuler l’import
import-undo-no = Garder l’import
import-undone =
    { $count ->
        [one] L’import est annulé : { $count } valeur redit ce qu’elle disait avant.
       *[other] L’import est annulé : { $count } valeurs redisent ce qu’elles disaient avant.
    }
import-undone-kept = Changées depuis, et laissées : { $values }.
import-row = Ligne
import-column = Colonne
import-value = Valeur
import-problem = Problème
import-measure = Mesure
import-change = Changement
import-new = nouvelle
import-same = déjà là
import-changed = remplace { $before }
import-question = à vérifier
import-apply =
    { $count ->
        [one] Enregistrer { $count } ligne
       *[other] Enregistrer { $count } lignes
    }
import-more =
    { $count ->
        [one] Et { $count } autre ligne.
       *[other] Et { $count } autres lignes.
    }
import-error-missing-indicator = L’indicateur manque.
import-error-unknown-indicator = Cette mesure n’est pas dans la bibliothèque. Écrivez son code, par exemple MNCH-02.
import-error-missing-period = Le mois manque.
import-error-not-a-period = Ce n’est pas un mois. Écrivez par exemple 2026-03.
import-error-not-a-number = Ce n’est pas un nombre.
import-error-negative = Le nombre est négatif.
import-error-missing-part = Est-ce le numérateur ou le dénominateur ? Dites-le, ou écrivez les deux : 18/31.
import-error-too-large = Le nombre est trop grand.
import-error-denominator-not-expected = Cette mesure n’a pas de dénominateur.
import-error-unknown-reason = Cette raison n’est pas connue.
import-error-no-data-with-number = Il y a un nombre, et aussi « pas de donnée ».
import-error-extra-cell = Une cellule de trop : peut-être une virgule décimale dans un fichier séparé par des virgules.
import-error-month-ahead = Cette période n’est pas encore là.
import-error-period-length = Cette mesure ne se compte pas sur cette durée. Mois : 2026-03 ; trimestre : 2026-Q1 ; semaine : 2026-W07 ; année : 2026 ; jour d’un événement : 2026-03-05.
import-error-other-place = Cette ligne est d’un autre lieu.
import-error-duplicate = La même mesure et le même mois sont déjà à la ligne { $row }.
sums-title = Les mesures de { $place }
sums-own = Nos propres mesures
sums-lead = Ce que les centres ont compté dans leurs registres, additionné par le serveur. Une proportion ne compte que les centres qui ont ses deux nombres.
sums-measure = Mesure
sums-together = Même échelle pour tous les lieux
sums-none = Aucune somme n’est encore arrivée.
sums-none-hint = Le serveur additionne ce que les centres envoient, quelques secondes après. Synchronisez pour le recevoir.
sums-none-act = Synchroniser
chart-open = Ouvrir le graphique
chart-page-title = { $measure }, { $place }
chart-side = Ce que dit le graphique et ce que vous en faites
chart-choose = Choisissez un point, à la souris ou avec les flèches et Entrée : ce qu’il dit, et ce qui peut être noté.
chart-none = Rien n’est encore compté pour cette mesure.
chart-none-hint = Reprenez dans le registre ce qui a déjà été compté : dix points suffisent pour un premier verdict.
chart-none-act = Saisir des chiffres
span-label = Période montrée
span-earlier = Plus tôt
span-later = Plus tard
span-closer = Voir de plus près
span-wider = Voir plus large
span-seen = { $from } – { $to }. La phrase parle de toute la mesure.
phase-short = Une phase compte moins de dix points utiles : elle ne dit pas encore grand-chose.
sign-trials =
    { $count ->
        [one] Est-ce votre essai ?
       *[other] Est-ce un de vos essais ?
    }
sign-shows = Qu’est-ce qui le montre ?
sign-none = Aucun de vos essais n’a commencé avant. Qu’est-ce qui a changé ?
sign-cycle = Ouvrir un cycle à partir de ce signe
point-counts = { $n } sur { $d }
point-incomplete = En cours : ce point compte quand sa période est finie.
point-incomplete-until = Pas encore complet : ce point compte à partir du { $day }.
point-limits = Le hasard explique de { $lower } à { $upper }.
point-trial = Essai : { $label }
point-cell = Voir dans la grille
point-excluded = Écarté par { $author } le { $day } : { $reason }
point-phase = Une phase commence ici, par { $author } le { $day } : { $reason }
point-frozen = Repère figé jusqu’ici, par { $author } le { $day } : { $reason }
point-include = Le remettre
point-phase-back = La retirer
point-thaw = Ne plus figer
point-back = Revenir en arrière
point-back-why = Pourquoi revenir en arrière ?
point-exclude = Écarter ce point
point-begin = Commencer une phase ici
point-freeze = Figer le repère jusqu’ici
point-mark = Noter un événement
point-exclude-why = Pourquoi écarter { $month } du calcul ?
point-exclude-example = registre inondé, dix jours manquent
point-exclude-act = Écarter
point-phase-why = Pourquoi le calcul recommence-t-il en { $month } ?
point-phase-example = nouveau protocole, confirmé par l’équipe
point-phase-act = Commencer
point-freeze-why = Pourquoi figer le repère sur ce qui va jusqu’à { $month } ?
point-freeze-example = c’était avant nos essais
point-freeze-act = Figer
event-one = Événement
event-new = Ce qui s’est passé
event-by = Noté par { $author } le { $day }.
event-sort = Quoi
event-starts = Premier jour
event-ends = Dernier jour
event-ends-hint = vide : un seul jour
event-alone = Seulement pour cette mesure
event-text = Précision
event-text-example = MILDA, dépôt du district
event-remove = Retirer cet événement
action-title = Ce que nous faisons
action-ask = Que faisons-nous, qui, pour quand ?
action-new = Décider d’une action
action-what = Que faisons-nous ?
action-who = Qui ?
action-when = Pour quand ?
action-add = Décider
action-finish = C’est fait
action-due = { $who }, pour le { $day }
action-late = { $who }, c’était pour le { $day }
action-origin = Constat : { $origin }
action-closed = Fait : { $text }
action-done = { $text } : { $who }, fait le { $day }
action-done-count =
    { $count ->
        [one] Une action faite
       *[other] { $count } actions faites
    }
action-by-coach = Décidé avec l’équipe
setting-change = Graphique et règles
setting-rules = Règles
setting-why = Pourquoi ce graphique et ces règles ?
setting-example = demandé par l’équipe, plus de 12 mois
setting-act = Régler
goal-change = Fixer un objectif
goal-value = Objectif ({ $unit })
goal-from = À partir de
goal-why = Pourquoi cet objectif ?
goal-example = le précédent est atteint depuis six mois
goal-act = Fixer l’objectif
past-title = Décisions sur ce graphique
past-show = Qui a décidé quoi
past-none = Rien n’a été décidé : une phase, tous les points, les règles de départ.
past-by = { $author }, { $day }.
past-phase = Une phase commence en { $month }.
past-phase-back = La phase qui commençait en { $month } est retirée.
past-freeze = Le repère est figé sur ce qui va jusqu’à { $month }.
past-freeze-back = Le repère n’est plus figé.
past-exclude = { $month } est écarté du calcul.
past-exclude-back = { $month } compte de nouveau.
past-goal = Objectif de { $goal } à partir de { $month }.
past-goal-back = L’objectif à partir de { $month } est retiré.
past-setting = { $chart }. { $rules }.
past-setting-back = Le réglage de départ est repris.
