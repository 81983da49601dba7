share-title = Leçons
share-lead = Ce que les équipes ont appris, à portée des autres.
share-none = Aucune leçon encore.
share-none-hint = Une leçon s’écrit à l’étape Décider d’un cycle : ce qui a été fait, dans quelles conditions, ce que cela coûte.
share-untitled = Leçon sans titre
share-cycle = Voir le cycle
share-none-act = Voir les cycles
