rail-sections = Sections
rail-today = Aujourd’hui
rail-improve = Améliorer
rail-measure = Mesurer
rail-share = Partager
rail-centre = Notre centre
rail-district = Notre district
rail-office = Notre direction
rail-sync = Synchroniser
head-help = Aide
head-place = Lieu : { $place }. Changer de lieu
practice-banner = Exemple : rien n’est envoyé.
practice-detail = Essayez tout : votre vrai travail est à part.
practice-leave = Quitter l’exemple
state-practice = Exemple
state-practice-detail = Rien n’est envoyé
state-not-enrolled = Pas encore relié
state-kept-here = Gardé sur cet ordinateur
state-saves-here =
    { $count ->
        [one] { $count } saisie gardée ici
       *[other] { $count } saisies gardées ici
    }
state-up-to-date = À jour
state-waiting =
    { $count ->
        [one] { $count } à envoyer
       *[other] { $count } à envoyer
    }
state-problem = Envoi impossible
state-contact = Contact : { $day }
state-never-sent = Jamais envoyé
state-sending = Envoi…
state-revoked = Ordinateur retiré
state-problem-count =
    { $count ->
        [one] { $count } à voir
       *[other] { $count } à voir
    }
state-carried =
    { $count ->
        [one] { $count } sur une clé
       *[other] { $count } sur une clé
    }
state-held =
    { $count ->
        [one] { $count } en attente d’une autre
       *[other] { $count } en attente d’autres
    }
state-review = Des valeurs à choisir
sure-question = Beaucoup serait retiré
sure-yes = Oui, continuer
sure-no = Ne rien changer
