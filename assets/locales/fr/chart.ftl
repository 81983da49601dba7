chart-of = Graphique : { $measure }
chart-points = Points du graphique
chart-point = { $month } : { $value }
chart-point-counts = { $month } : { $counts }, soit { $value }
chart-point-empty = { $month } : rien n’est saisi
chart-point-no-data = { $month } : pas de donnée, { $reason }
chart-unfinished = (en cours)
chart-better = amélioration
chart-worse = dégradation
chart-goal = Objectif
chart-median = Médiane
chart-scale = échelle de 0 à { $top }
chart-mean = Moyenne
chart-line-median = la médiane
chart-line-mean = la moyenne
chart-limit-upper = limite haute
chart-limit-lower = limite basse
chart-numerator = nombre
chart-denominator = sur
chart-count = nombre
chart-part = Ce qui est dessiné : { $part }
chart-redefined = définition changée
chart-source =
    Source : { $register }{ $column ->
        [none] .
       *[other] , « { $column } ».
    }
chart-rule = { $rules }, sur la médiane des points complets.
chart-rule-limits = { $chart } : limites à 3 sigma. { $rules }, sur les points complets.
chart-trial = Moins de douze points : les limites bougeront encore.
chart-choice = Sorte de graphique
chart-suggested = Conseil :
advice-defined = cette mesure se lit sur une courbe de suivi.
advice-small-numbers = moins de cinq cas attendus à chaque point, des limites seraient trop grossières. Restez sur la courbe de suivi.
advice-proportion = pour une part d’un tout, la carte P montre ce que le hasard explique avec ces nombres.
advice-large-proportion = avec des milliers de personnes à chaque point, la carte P′ corrige des limites qui seraient trop étroites.
advice-rate = pour un taux, la carte U montre ce que le hasard explique avec ces nombres.
advice-large-rate = avec des milliers de personnes à chaque point, la carte U′ corrige des limites qui seraient trop étroites.
advice-count = pour un nombre d’événements, la carte C montre ce que le hasard explique.
advice-measurement = pour une mesure isolée à chaque point, la carte I montre ce que le hasard explique.
advice-one-by-one = des événements rares, notés un par un : la carte montre ce qui les sépare.
advice-rare-events = moins d’un cas à chaque point : la carte G compte ce qui sépare deux cas, et en dit plus que des mois à zéro.
advice-same-day = deux événements le même jour, que la carte T ne peut séparer. Restez sur la courbe de suivi.
advice-several-values = plusieurs valeurs par mois : la carte X̄ montre leur moyenne, la carte S dessous leur écart.
unfit-no-denominator = Pas de dénominateur.
unfit-not-a-part = Ce n’est pas une part d’un tout.
unfit-a-part = C’est une part d’un tout : prenez la carte P.
unfit-not-events = Ce ne sont pas des événements que l’on compte.
unfit-sizes-differ = Le nombre de personnes change d’un point à l’autre.
unfit-one-value = Une seule valeur par mois ; il en faut plusieurs.
unfit-one-by-one = Chaque valeur est déjà un événement.
unfit-not-rare = Ce ne sont pas des événements rares, à espacer.
unfit-several-at-once = Plusieurs cas tombent dans une même période : ce qui les sépare n’est pas connu.
unfit-few-events = Moins de deux intervalles entre des cas.
unfit-no-days = Le jour de chaque cas n’est pas noté.
unfit-same-day = Deux cas le même jour : il n’y a pas de temps entre eux.
chart-unfit = « { $chart } » ne se dessine plus avec ces chiffres. { $why } Voici la courbe de suivi.
chart-drawn-range = écart entre chaque valeur et celle d’avant
chart-drawn-mean = moyenne des valeurs de chaque mois
chart-drawn-spread = écart-type des valeurs de chaque mois
chart-drawn-cases = « { $cases } », entre deux cas, à une période près
chart-drawn-days = jours entre deux cas
chart-unit-days = jours
chart-hollow = Rond vide : pas encore complet.
caution-rains =
    { $months ->
        [one] Cette mesure suit l’hivernage, et un seul mois est visible : un signe peut venir de la saison. Comparez au même mois de l’an passé.
       *[other] Cette mesure suit l’hivernage, et { $months } mois seulement sont visibles : un signe peut venir de la saison. Comparez au même mois de l’an passé.
    }
caution-hunger-gap =
    { $months ->
        [one] Cette mesure suit la soudure, et un seul mois est visible : un signe peut venir de la saison. Comparez au même mois de l’an passé.
       *[other] Cette mesure suit la soudure, et { $months } mois seulement sont visibles : un signe peut venir de la saison. Comparez au même mois de l’an passé.
    }
caution-years-alike = Les mêmes mois se ressemblent d’une année à l’autre : un signe peut venir de la saison. Comparez au même mois de l’an passé.
caution-carried-over = Un stock dépend de celui du mois d’avant : les règles trouvent alors des signes plus souvent qu’il n’y en a.
chart-diamond = Losange : valeur à vérifier.
chart-table = { $measure } : valeurs du graphique
chart-month = Période
chart-value = Valeur
chart-events = Essais
verdict-surveillance = Cette mesure ne reçoit ni objectif ni verdict : elle parle de la maladie, pas des soins.
verdict-not-judged = Cet indicateur ne reçoit pas d’objectif : le choix appartient à la femme.
verdict-too-early =
    { $have ->
        [one] { $have } { $periods } utile sur { $need } : trop tôt pour conclure. Continuez à compter.
       *[other] { $have } { $periods } utiles sur { $need } : trop tôt pour conclure. Continuez à compter.
    }
verdict-no-sign = Pas de signe de changement : le hasard suffit à expliquer ces variations.
verdict-better = Amélioration :
verdict-worse = Dégradation :
verdict-changed = Changement :
verdict-above = { $length } { $periods } de suite au-dessus de { $line }, depuis { $since }.
verdict-below = { $length } { $periods } de suite au-dessous de { $line }, depuis { $since }.
verdict-was-above = { $length } { $periods } de suite au-dessus de { $line }, à partir de { $since } ; ce n’est plus le cas.
verdict-was-below = { $length } { $periods } de suite au-dessous de { $line }, à partir de { $since } ; ce n’est plus le cas.
verdict-few-crossings = la ligne ne croise { $line } que { $crossings } fois ; le hasard la ferait croiser au moins { $needed } fois.
verdict-better-found = Une hausse peut aussi venir d’un meilleur repérage.
verdict-outside-above =
    { $count ->
        [one] { $last } dépasse ce que le hasard explique.
       *[other] { $count } { $periods } sortent de ce que le hasard explique ; le dernier, { $last }, est au-dessus.
    }
verdict-outside-below =
    { $count ->
        [one] { $last } reste au-dessous de ce que le hasard explique.
       *[other] { $count } { $periods } sortent de ce que le hasard explique ; le dernier, { $last }, est au-dessous.
    }
reach-always = Tel qu’il est, ce processus atteint l’objectif ({ $goal }) à chaque fois.
reach-sometimes = Tel qu’il est, ce processus atteint l’objectif ({ $goal }) de temps en temps, par hasard.
reach-never = Tel qu’il est, ce processus n’atteindra pas l’objectif ({ $goal }) : il faut changer quelque chose.
reach-changing = Peut-il atteindre l’objectif ? On le saura quand une nouvelle phase aura commencé, car le processus change.
reach-too-early = Peut-il atteindre l’objectif ? { $have } points complets sur { $need } : trop tôt pour le dire.
rules-anhoej-2014 = Règles d’Anhøj (2014)
rules-ihi-2011 = Règles de l’IHI (2011)
rules-mdc-2024 = Making Data Count (2024)
rules-western-electric-1956 = Règles de Western Electric (1956)
rules-nelson-1984 = Règles de Nelson (1984)
rules-anhoej-2014-hint = Pour tous : selon le nombre de points, ce que le hasard n’explique pas.
rules-ihi-2011-hint = Six points du même côté, cinq qui montent ou descendent.
rules-mdc-2024-hint = Sept points du même côté, et les points près des limites.
rules-western-electric-1956-hint = Quatre motifs, plus de fausses alertes.
rules-nelson-1984-hint = Huit motifs, pour un analyste.
rule-outside = Hors des limites.
rule-run = Fait partie d’une longue suite du même côté.
rule-trend = Fait partie d’une suite qui monte ou descend.
rule-two-of-three = Deux points sur trois près de la même limite.
rule-four-of-five = Quatre points sur cinq loin du centre, du même côté.
rule-alternating = Fait partie d’une suite en dents de scie.
rule-beyond-one = Fait partie d’une suite loin du centre, des deux côtés.
rule-within-one = Fait partie d’une suite trop proche du centre.
verdict-rising = { $length } { $periods } de suite en hausse, depuis { $since }.
verdict-falling = { $length } { $periods } de suite en baisse, depuis { $since }.
verdict-was-rising = { $length } { $periods } de suite en hausse, à partir de { $since } ; ce n’est plus le cas.
verdict-was-falling = { $length } { $periods } de suite en baisse, à partir de { $since } ; ce n’est plus le cas.
verdict-pattern-two-of-three = deux points sur trois près de la même limite, le dernier { $last }.
verdict-pattern-four-of-five = quatre points sur cinq loin de la moyenne, du même côté, le dernier { $last }.
verdict-pattern-alternating = quatorze points en dents de scie, jusqu’à { $last } : deux sources mélangées ?
verdict-pattern-beyond-one = huit points loin de la moyenne, des deux côtés, jusqu’à { $last } : deux sources mélangées ?
verdict-pattern-within-one = quinze points trop proches de la moyenne, jusqu’à { $last } : les chiffres sont-ils recopiés ?
verdict-pattern-few-runs = la ligne change de côté plus rarement que le hasard ne le ferait.
verdict-pattern-many-runs = la ligne change de côté plus souvent que le hasard ne le ferait : deux sources mélangées ?
chart-method-phases =
    { $count ->
        [one] Une seule phase.
       *[other] { $count } phases, chacune calculée seule ; la phrase parle de la dernière.
    }
chart-method-frozen = Repère figé jusqu’à { $month }.
chart-method-excluded =
    { $count ->
        [one] Un point est écarté du calcul.
       *[other] { $count } points sont écartés du calcul.
    }
chart-struck = Rond barré : point écarté.
chart-left-out = (écarté du calcul)
chart-mark-open = Ouvrir « { $label } »
event-stock-out = Rupture de stock
event-strike = Grève
event-staff-change = Départ ou arrivée
event-supervision = Supervision
event-rains = Hivernage
event-malaria-prevention = CPS
event-vaccination-days = JNV
event-ramadan = Ramadan
event-campaign = Campagne
event-other = Autre événement
event-named = { $word } : { $label }
event-on = { $word }, { $day }
event-between = { $word }, du { $from } au { $to }
chart-phase-mark = Nouvelle phase : { $reason }
