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
