rail-supervision = Visites
supervision-title = Visites
supervision-lead = Choisissez les grilles d’une visite et imprimez la fiche. Elle suit la marche dans le centre, et ce que plusieurs grilles demandent n’y est qu’une fois.
supervision-choose = Grilles, { $most } au plus
supervision-size =
    { $critical ->
        [0] { $items } critères
        [one] { $items } critères, dont { $critical } critique
       *[other] { $items } critères, dont { $critical } critiques
    }
supervision-none-chosen = Choisissez une grille : ses critères s’affichent ici, dans l’ordre de la visite.
supervision-walk = Critères dans l’ordre de la visite
supervision-walk-count =
    { $count ->
        [one] { $count } critère, dans l’ordre de la visite
       *[other] { $count } critères, dans l’ordre de la visite
    }
supervision-critical-item = { $item } (critique)
supervision-elsewhere = Pour un téléphone
supervision-xlsform = Kobo et ODK lisent ces classeurs (XLSForm). Poids, critères critiques et lieux y ont leurs colonnes.
supervision-keep = Classeur XLSForm : { $name }
supervision-sheet = Fiche de visite { $names }
supervision-sheet-title = Fiche de supervision formative
supervision-centre = Centre
supervision-day = Date
supervision-how = Une croix dans une case par ligne. S. o. : sans objet. Le code sert à retrouver la ligne. Un « non » à un critère critique demande une recommandation.
supervision-code = Code
supervision-item = Critère
supervision-yes = Oui
supervision-no = Non
supervision-na = S. o.
supervision-remark = Nombre, remarque
supervision-recommendations = Recommandations
supervision-recommendation = Recommandation
supervision-owner = Responsable
supervision-level = Niveau
supervision-due = Échéance
supervision-sign-visitor = Superviseur : nom et signature
supervision-sign-centre = Centre : nom et signature
supervision-version = { $name }, version { $version }.
station-arrival = Arrivée
station-maternity = Maternité
station-antenatal = CPN et planification familiale
station-consultation = Consultation
station-pharmacy = Pharmacie
station-office = Bureau
station-community = Communauté
station-feedback = Restitution
station-elsewhere = Ailleurs
supervision-answer = Réponse
form-title = Formulaire Kobo ou ODK
form-lead = Ouvrez un classeur XLSForm pour voir ce qu’il devient comme grille. Vous l’imprimez ou l’enregistrez ensuite ; un formulaire du même nom donne une nouvelle version.
form-file = Un formulaire XLSForm
form-count =
    { $count ->
        [one] { $count } question.
       *[other] { $count } questions.
    }
form-languages = Langues : { $languages }.
form-whole = Tout est repris.
form-notices =
    { $count ->
        [one] { $count } remarque
       *[other] { $count } remarques
    }
form-at = { $sheet }, ligne { $row }
form-logic-relevant = la condition
form-logic-constraint = la contrainte
form-logic-required = l’obligation
form-logic-calculation = le calcul
form-logic-choice-filter = le filtre des choix
form-logic-rounds = le nombre de répétitions
form-notice-duplicate-column = deux colonnes portent le titre « { $heading } ». La première est lue.
form-notice-unknown-type = le type « { $kind } » n’est pas connu. La question reste, sans réponse possible.
form-notice-from-file = les choix sont dans un autre fichier, { $file }. La question reste, sans réponse possible.
form-notice-missing-include = une partie du formulaire est dans un autre fichier, { $file }. Elle manque.
form-notice-no-type = la ligne n’a pas de type. Elle est laissée de côté.
form-notice-no-name = la ligne n’avait pas de nom. Elle en a reçu un.
form-notice-renamed = s’appelait « { $from } », nom déjà pris, réservé ou impossible.
form-notice-missing-calculation = est à calculer, et rien ne dit comment.
form-notice-missing-list = la liste de choix « { $list } » manque. La question reste, sans réponse possible.
form-notice-misread = { $logic } ne se lit pas et reste de côté.
form-notice-unknown-function = { $logic } emploie la fonction { $function }, qui n’est pas connue ici, et reste de côté.
form-notice-too-long = { $logic } dépasse ce qui est lu et reste de côté.
form-notice-unknown-name = { $logic } parle de « { $asked } », qui n’est pas dans le formulaire, et reste de côté.
form-notice-too-deep = trop de groupes l’un dans l’autre. Celui-ci est mis à côté du précédent.
form-notice-stray-end = un groupe finit sans avoir commencé.
form-notice-no-end = le groupe n’a pas de fin. Il finit avec le formulaire.
form-notice-loop = se répète pour chaque choix de « { $list } ». Il est posé une fois.
form-notice-other-language = la langue « { $language } » n’est ni le français ni l’anglais. Ses textes sont laissés de côté.
form-notice-media = la colonne « { $heading } » demande des images ou des sons. Ils sont laissés de côté.
form-notice-not-a-mark = « { $value } » n’est ni un poids, ni un nombre, ni une marque. C’est laissé de côté.
form-notice-of-the-telephone = « { $kind } » n’interroge que le téléphone. Personne n’y répond.
supervision-part = { $title } ({ $list })
form-questions = Questions
supervision-lists = Fiches à imprimer
visit-yes = Oui
visit-no = Non
visit-na = Sans objet
visit-at = Visite : { $place }
visit-own-at = Auto-évaluation : { $place }
visit-planned-for = prévue le { $day }
visit-saving = Enregistrement…
visit-saved = Enregistré
visit-returned-why = À corriger : { $why }
visit-list-unknown = La grille « { $name } », version { $version }, n’est pas encore sur cet ordinateur. Ses réponses sont gardées.
visit-correct-why = Pourquoi corriger cette visite terminée ? La correction reste visible.
visit-sections = Parties de la visite
visit-earlier = Recommandations précédentes
visit-earlier-lead = Voyez chacune avec l’équipe : elle est faite, avec ce qui le montre, ou elle continue.
visit-earlier-who = { $who }, { $level }, { $day }
visit-earlier-done = Fait le { $day } : { $evidence }
visit-earlier-carried = Continue.
visit-earlier-close = C’est fait
visit-earlier-carry = On continue
visit-earlier-next = Passer aux questions
visit-of = { $done } sur { $count }
visit-where = { $section }, question { $at } sur { $count }
visit-was = en { $month } : { $answer }
visit-was-later = La réponse de la visite précédente s’affiche après la vôtre.
visit-recommended = Recommandation : { $text } ({ $who })
visit-critical = Question critique
visit-critical-no = Un « non » critique demande une recommandation : quoi, qui, quand, avec quels moyens.
visit-recommend-hint = Une recommandation devient une action du centre et revient à la prochaine visite.
visit-key-recommend = recommandation
visit-key-note = note
visit-key-later = plus tard
visit-key-back = revenir
visit-disabled = On ne peut pas répondre à cette question ici.
visit-read = C’est lu
visit-count-of = sur { $of }
visit-next = Suivant
visit-refused = Cette réponse n’est pas possible ici. Elle n’est pas gardée.
visit-out-of-rule = Cette réponse est gardée, mais elle ne compte pas : elle est hors de ce que la question permet.
visit-mark = Observation
visit-mark-real = réelle
visit-mark-simulated = simulée
visit-note = Note
visit-critical-count =
    { $count ->
        [one] { $count } critère critique à « non »
       *[other] { $count } critères critiques à « non »
    }
visit-percent = { $percent } %
visit-class-weak = faible
visit-class-fair = moyen
visit-class-good = bon
visit-recommendations =
    { $count ->
        [one] { $count } recommandation
       *[other] { $count } recommandations
    }
visit-by-code = Saisir depuis le papier
visit-finish = Terminer la visite…
visit-result = Résultat
code-lead = Tapez le code d’une ligne de la fiche, puis sa réponse. Sans code, c’est la ligne suivante. La fin du code suffit : « DIA-03 » ou « dia3 ».
code-yes-no = 1 oui, 2 non
code-yes-no-na = 1 oui, 2 non, 3 sans objet
code-figure = réponse
code-take = Garder la réponse
code-close = Fermer
code-unknown = Aucune ligne, ou plusieurs, pour « { $code } ».
code-all = Toutes les lignes ont une réponse.
code-refused = La réponse de { $code } n’est pas possible. Elle n’est pas gardée.
code-out-of-rule = La réponse de { $code } est gardée, mais elle ne compte pas : elle est hors de ce que la question permet.
code-left =
    { $count ->
        [0] Il ne reste aucune ligne sans réponse.
        [one] Il reste { $count } ligne sans réponse.
       *[other] Il reste { $count } lignes sans réponse.
    }
code-lacking =
    { $count ->
        [one] { $count } « non » critique attend une recommandation.
       *[other] { $count } « non » critiques attendent une recommandation.
    }
visit-new-lead = Choisissez une à trois grilles. Ce que plusieurs demandent n’est demandé qu’une fois.
visit-own-lead = Répondez entre vous, comme le ferait le district. Le résultat reste à part de celui des visites.
visit-begin = Commencer maintenant
visit-own-begin = Commencer
visit-plan-day = Ou prévoir pour le
visit-plan = Prévoir la visite
visit-planned-title = Visite prévue
visit-planned-lead = Elle commence à la première réponse. Changez son jour, ou annulez-la.
visit-move = Changer le jour
visit-move-day = Nouveau jour
visit-move-why = Pourquoi changer le jour ?
visit-call-off = Annuler la visite
visit-call-off-why = Pourquoi l’annuler ?
visit-called-off-why = Annulée : { $why }
visit-restore = Rétablir la visite
visit-restore-why = Visite rétablie
visit-last-on = dernière visite le { $day }
visit-new = Nouvelle visite
visit-own = S’auto-évaluer
visit-none = Aucune visite pour l’instant
visit-none-coach = Commencez une visite ici, ou imprimez la fiche d’une grille pour partir avec le papier.
visit-none-centre = Les visites du district s’affichent ici après un échange. Vous pouvez aussi vous évaluer avec les mêmes grilles.
visit-row = visite du { $day }
visit-row-own = auto-évaluation du { $day }
visit-open =
    { $open ->
        [one] { $open } recommandation ouverte sur { $count }
       *[other] { $open } recommandations ouvertes sur { $count }
    }
visit-state-planned = prévue
visit-state-under-way = en cours
visit-state-returned = à corriger
visit-state-called-off = annulée
visit-no-places = Aucun centre à visiter
visit-no-places-hint = Les centres du district apparaissent ici après un premier échange.
visit-coming = Prévues et en cours
visit-needed = Centres
visit-not-needed = Dernière visite le { $day }
visit-choose = Visiter
visit-why-critical = Recommandation critique ouverte : { $text }
visit-why-never = Jamais visité
visit-why-overdue = Dernière visite le { $day }, il y a plus de trois mois
visit-why-no-data = Pas de donnée depuis { $month }
visit-why-no-data-ever = Aucune donnée reçue
visit-why-signal = { $measure } : le graphique va dans le mauvais sens depuis { $since }
visit-why-silent = Son ordinateur n’a pas donné de nouvelles depuis le { $day }
visit-why-unsent = Son ordinateur garde du travail non envoyé ; dernier contact le { $day }
visit-why-unsent-ever = Son ordinateur garde du travail non envoyé
visit-coverage = Visites, { $quarter }
visit-quarter-before = Trimestre précédent
visit-quarter-after = Trimestre suivant
visit-coverage-planned = prévues
visit-coverage-done = faites
visit-coverage-fed-back = restituées
visit-coverage-closed = sans recommandation ouverte
visit-coverage-places =
    { $count ->
        [one] Le district a { $count } centre.
       *[other] Le district a { $count } centres.
    }
visit-coverage-none = Aucune.
visit-answers = Les réponses
visit-go-on = Continuer les questions
visit-closed-by-own = terminée le { $day }, signée par { $visitor }
visit-closed-by = terminée le { $day }, signée par { $visitor } et { $received }
visit-lacks = Recommandation à écrire
visit-compared = Auto-évaluation et visite
visit-agreement =
    { $alike ->
        [one] Accord : { $percent } % ({ $alike } réponse sur { $both }).
       *[other] Accord : { $percent } % ({ $alike } réponses sur { $both }).
    }
visit-compared-own = L’auto-évaluation du { $day }
visit-compared-visit = La visite du { $day }
visit-differs = Visite : { $mine }. Le centre : { $theirs }.
visit-differs-own = Le centre : { $mine }. Visite : { $theirs }.
visit-close = Terminer et signer
visit-still-open =
    { $count ->
        [one] { $count } question sans réponse. Elle ne compte pas dans le score.
       *[other] { $count } questions sans réponse. Elles ne comptent pas dans le score.
    }
visit-still-lacking =
    { $count ->
        [one] { $count } « non » critique attend encore sa recommandation.
       *[other] { $count } « non » critiques attendent encore leur recommandation.
    }
visit-sign-visitor = Pour la visite : noms
visit-sign-centre = Pour le centre : nom
visit-sign-own = Qui a répondu
visit-sign-hint = Les noms et les signatures figurent sur la fiche de restitution. Qui n’a pas signé ici signe sur papier.
visit-close-now = Terminer la visite
visit-fed-back = Fiche remise au centre
visit-fed-back-on = Fiche remise le { $day }
visit-return = Renvoyer pour correction
visit-return-why = Que faut-il corriger ?
visit-answers-history = Réponses et leur historique
feedback-name = Restitution { $place } { $day }
feedback-title = Fiche de restitution
feedback-own-title = Auto-évaluation
feedback-lists = Grilles
feedback-visitor = Visite par
feedback-note = Constat d’ensemble
feedback-critical = Critères critiques à « non »
feedback-no-critical = Aucun.
feedback-no-recommendation = Aucune recommandation.
feedback-done = fait le { $day }
feedback-scores = Scores
feedback-section = Partie
feedback-score = Score
feedback-answered = Réponses
feedback-scored = { $name } : { $score }
feedback-sign-visitor = Superviseur : { $name }, signature
feedback-sign-centre = Centre : { $name }, signature
filled-name = Réponses { $place } { $day }
filled-title = Fiche de visite remplie
kind-visit = visite
kind-answer = réponse de visite
field-own-name = auto-évaluation
field-lists-name = grilles
field-planned-name = jour prévu
field-begun-name = début
field-closed-name = fin
field-visitor-name = signé pour la visite
field-received-name = signé pour le centre
field-fed-back-name = restitution
field-note-name = note
field-returned-name = renvoi pour correction
field-visit-name = visite
field-list-name = grille
field-item-name = question
field-round-name = tour
field-value-name = réponse
field-mark-name = observation
mission-name = Rapport de mission { $days }
mission-title = Rapport de mission de supervision
mission-between = du { $first } au { $last }
mission-places = Centres visités
mission-team = Équipe
mission-whole = Vue d’ensemble
mission-one = { $place }, { $day }
mission-needs = Ce qui est attendu d’autres niveaux
mission-owed = { $place } : { $text }
mission-sign = Le superviseur : nom, date et signature
action-from-visit = Visite du { $day }
visit-improve = En faire un cycle
visit-finding = Visite du { $day } : « non » à « { $item } »
circuit-open =
    { $count ->
        [one] { $count } recommandation ouverte
       *[other] { $count } recommandations ouvertes
    }
circuit-name = Circuit de supervision
circuit-title = Circuit de supervision
circuit-day = Jour { $number }
circuit-discreet = Forme discrète, sans noms de personnes ni dates
visit-figures = Graphiques et recomptage
visit-figures-close = fermer
visit-figures-none = L’équipe n’a pas de cycle en cours avec une mesure.
visit-recount = Recomptage au registre
visit-recount-lead = Recomptez un mois au registre : le chiffre déclaré reste à côté, tel qu’il était ce jour.
visit-recount-measure = Mesure
visit-recount-month = Mois
visit-recount-reported = Déclaré : { $figure }
visit-recount-nothing = rien
visit-recount-note = D’où vient l’écart
visit-recount-save = Garder le recomptage
visit-recount-remove = Retirer le recomptage
visit-recount-said = Déclaré : { $reported }. Registre : { $counted }.
visit-recount-same = Le registre dit la même chose.
visit-recount-near =
    { $side ->
        [below] Le registre a { $percent } % de moins ({ $part ->
            [n] numérateur
           *[d] dénominateur
        }), dans la tolérance.
       *[above] Le registre a { $percent } % de plus ({ $part ->
            [n] numérateur
           *[d] dénominateur
        }), dans la tolérance.
    }
visit-recount-far =
    { $side ->
        [below] À expliquer : le registre a { $percent } % de moins ({ $part ->
            [n] numérateur
           *[d] dénominateur
        }).
       *[above] À expliquer : le registre a { $percent } % de plus ({ $part ->
            [n] numérateur
           *[d] dénominateur
        }).
    }
visit-recount-unreported = À expliquer : zéro déclaré, le registre en compte.
visit-recount-line = { $measure }, { $month } : { $said }
visit-key-photo = photo
visit-photo-there = Photo prise
visit-sign-here = Signez ici, à la souris ou au doigt, ou plus tard sur papier.
visit-sign-clear = Effacer et signer à nouveau
visit-sign-drawn = Signature : { $name }
value-drawn = signature dessinée
field-visitor-drawn-name = signature pour la visite
field-received-drawn-name = signature pour le centre
