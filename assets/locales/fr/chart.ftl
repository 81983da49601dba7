chart-of = Graphique : { $measure }
chart-points = Mois du graphique
chart-point = { $month } : { $value }
chart-point-counts = { $month } : { $counts }, soit { $value }
chart-point-empty = { $month } : rien n’est saisi
chart-point-no-data = { $month } : pas de donnée, { $reason }
chart-unfinished = (mois en cours)
chart-better = amélioration
chart-worse = dégradation
chart-goal = But { $value }
chart-median = Médiane
chart-numerator = nombre
chart-denominator = sur
chart-count = nombre
chart-source =
    Source : { $register }{ $column ->
        [none] .
       *[other] , « { $column } ».
    }
chart-rule = Règles d’Anhøj (2014), sur la médiane des mois complets.
chart-hollow = Rond vide : mois en cours.
chart-diamond = Losange : valeur à vérifier.
chart-table = { $measure } : valeurs du graphique
chart-month = Mois
chart-value = Valeur
chart-events = Essais
verdict-not-judged = Cet indicateur ne reçoit pas d’objectif : le choix appartient à la femme.
verdict-too-early =
    { $have ->
        [one] { $have } mois utile sur { $need } : trop tôt pour conclure. Continuez à compter.
       *[other] { $have } mois utiles sur { $need } : trop tôt pour conclure. Continuez à compter.
    }
verdict-no-sign = Pas de signe de changement : le hasard suffit à expliquer ces variations.
verdict-better = Amélioration :
verdict-worse = Dégradation :
verdict-changed = Changement :
verdict-above = { $length } mois de suite au-dessus de la médiane, depuis { $since }.
verdict-below = { $length } mois de suite au-dessous de la médiane, depuis { $since }.
verdict-was-above = { $length } mois de suite au-dessus de la médiane, à partir de { $since } ; ce n’est plus le cas.
verdict-was-below = { $length } mois de suite au-dessous de la médiane, à partir de { $since } ; ce n’est plus le cas.
verdict-few-crossings = la ligne ne croise la médiane que { $crossings } fois ; le hasard la ferait croiser au moins { $needed } fois.
verdict-better-found = Une hausse peut aussi venir d’un meilleur repérage.
