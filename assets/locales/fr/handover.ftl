handover-title = Passer la main
handover-lead = Qui part, qui arrive, et ce qui est ouvert. Ce qui a été écrit garde le nom de celui qui l’a écrit.
handover-last = Le { $day }, { $from } a passé la main à { $to }.
handover-who = Qui part, qui arrive
handover-leaver = Qui part
handover-comer = Qui arrive
handover-someone-new = Une nouvelle personne
handover-pin = Le code de { $name }, tapé par elle ou lui seul
handover-open = Ce qui est ouvert
handover-open-lead = Ce qui est coché passe à la personne qui arrive, à partir d’aujourd’hui.
handover-trial = Essai : { $what }
handover-member = Équipe : { $what }
handover-untitled = sans titre
handover-no-post = sans fonction
handover-nobody-carries = Personne n’est écrit dans ce cycle.
handover-no-cycle = Aucun cycle n’est ouvert.
handover-due =
    { $count ->
        [0] Rien à faire ne presse.
        [one] Une chose à faire.
       *[other] { $count } choses à faire.
    }
handover-questions =
    { $count ->
        [0] Aucune question de valeur n’est ouverte.
        [one] Une question de valeur est ouverte.
       *[other] { $count } questions de valeur sont ouvertes.
    }
handover-waiting =
    { $count ->
        [0] Tout est envoyé.
        [one] Une saisie attend l’envoi.
       *[other] { $count } saisies attendent l’envoi.
    }
handover-since = La plus ancienne : { $when }.
handover-see = Voir
handover-from-until = du { $since } au { $until }
handover-until = jusqu’au { $until }
handover-from = depuis le { $since }
handover-access = L’accès à cet ordinateur
handover-access-of = Ensuite, pour { $name }
handover-ends = L’accès finit
handover-ends-hint = Le code n’ouvre plus rien ici
handover-keeps = Reste dans l’équipe
handover-keeps-hint = Entre encore, comme membre
handover-act = Passer la main
handover-after = La personne qui arrive entre aussitôt avec son code. Vous imprimez ensuite la feuille.
handover-page-open = La feuille à imprimer
handover-page-print = Imprimer
handover-page-title = Feuille de passation
handover-page-day = Le
handover-page-from = De
handover-page-to = À
handover-page-cycles = Cycles ouverts
handover-page-no-verdict = Pas encore de valeurs.
handover-page-due = À faire
handover-page-nothing-due = Rien ne presse.
handover-page-access = Qui peut entrer
handover-page-help = Où trouver de l’aide
handover-page-no-help = Le district
handover-page-signs = Signature { $name }
