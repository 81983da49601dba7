compare-open = Avant et après
compare-name = Avant et après
compare-title = Avant et après : { $measure }
compare-print = Imprimer
compare-empty = Il n’y a pas encore un avant et un après.
compare-empty-hint = Il faut des chiffres de part et d’autre d’un essai ou d’une date.
compare-empty-act = Saisir des chiffres
compare-around = Avant et après quoi ?
compare-marks = Sur le graphique
compare-mark = { $label }, { $period }
compare-dates = Une autre date
compare-before = Avant
compare-after = Après
compare-from = premier
compare-to = dernier
compare-counted = compté
compare-median = médiane
compare-length = complets
compare-none = rien
compare-points =
    { $count ->
        [one] { $number } point
       *[other] { $number } points
    }
compare-unit = { $number } { $unit }
compare-more = { $by } de plus qu’avant. Le vrai écart est sans doute entre { $lower } et { $upper } de plus.
compare-less = { $by } de moins qu’avant. Le vrai écart est sans doute entre { $upper } et { $lower } de moins.
compare-chance-more = { $by } de plus qu’avant, mais le hasard suffit à l’expliquer : le vrai écart va de { $lower } de moins à { $upper } de plus.
compare-chance-less = { $by } de moins qu’avant, mais le hasard suffit à l’expliquer : le vrai écart va de { $lower } de moins à { $upper } de plus.
compare-too-few = Trop tôt pour comparer : il faut { $need } points complets avant, et autant après.
compare-moving-before = Avant, la mesure n’était pas stable (une suite, ou un point hors de ce que le hasard explique) : son milieu n’y veut rien dire. Choisissez d’autres dates.
compare-moving-after = Après, la mesure n’est pas stable (une suite, ou un point hors de ce que le hasard explique) : son milieu n’y veut rien dire. Choisissez d’autres dates.
compare-moving-both = La mesure n’est stable ni avant ni après : son milieu n’y veut rien dire. Choisissez d’autres dates.
compare-by-proportions = Écart entre deux proportions, intervalle à 95 % de Newcombe (1998, méthode 10) :
compare-by-rates = Écart entre deux taux, intervalle à 95 % de Li et coll. (2011) :
compare-by-months = Décalage entre les points des deux périodes, intervalle à 95 % de Hodges et Lehmann :
compare-sure = de { $lower } à { $upper }.
