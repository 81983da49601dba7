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
fell-back = Cet ordinateur a été retrouvé dans un état plus ancien.
fell-back-again =
    { $saves ->
        [one] Un enregistrement manquait ; il est revenu
       *[other] { $saves } enregistrements manquaient ; ils sont revenus
    } de la sauvegarde du { $moment }.
fell-back-part =
    { $saves ->
        [one] Un enregistrement manque, que la sauvegarde du { $moment } devait avoir ; elle n’a pas pu être lue en entier.
       *[other] { $saves } enregistrements manquent, que la sauvegarde du { $moment } devait avoir ; elle n’a pas pu être lue en entier.
    }
fell-back-since = Ce qui a été écrit après le { $moment } peut manquer aussi : regardez vos dernières saisies.
fell-back-disk = Le disque n’a pas gardé ce qu’il disait avoir écrit, ou un ancien fichier a été remis à sa place. Si cela revient, faites voir l’ordinateur.
fell-back-heed = J’ai lu
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
