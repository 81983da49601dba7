place-below = Lieux accompagnés
place-cycles =
    { $count ->
        [one] { $count } cycle
       *[other] { $count } cycles
    }
place-last-month = dernières valeurs : { $month }
place-no-month = pas encore de valeurs
place-open = Ouvrir
place-open-named = Ouvrir : { $place }
place-people = Personnes
place-phone-read = Voir le téléphone
place-phone-read-named = Voir le téléphone de { $name }
place-phone-hide = Cacher
place-phone-hide-named = Cacher le téléphone de { $name }
place-phone-add = Ajouter un téléphone
place-phone-add-named = Ajouter le téléphone de { $name }
place-phone-change = Changer
place-phone-change-named = Changer le téléphone de { $name }
place-phone-label = Téléphone de { $name }
place-phone-kept = téléphone gardé
place-phone-hint = Lu seulement par la personne, les responsables du centre et le district. Chaque lecture est notée.
place-phone-erase = Effacer le numéro
place-phone-erase-ask = Effacer ce numéro pour toujours ? Cet ordinateur l’efface tout de suite ; les autres, au prochain échange ou à la prochaine clé. Les sauvegardes déjà faites le gardent jusqu’à ce que de nouvelles les remplacent.
place-phone-erase-act = Effacer pour toujours
place-add = Ajouter un village
place-add-name = Nom du village
place-add-button = Ajouter
place-reading = Lecture
place-text = Taille du texte
place-text-size = { $size } %
place-contrast = Contraste fort, pour le plein soleil
place-reading-hint = La taille et le contraste valent jusqu’à la fermeture.
place-export = Exporter les valeurs
place-export-hint = Un fichier CSV de toutes les valeurs de ce lieu, lisible par un tableur. Aucun nom de patient n’existe dans Ɲɛtaa.
place-export-act = Exporter
place-exported = Le fichier est ici : { $path }
place-version = Ɲɛtaa { $version }
place-removed = Ce qui a été retiré
place-removed-hint = Rien ne se perd : un essai, une idée ou un commentaire retiré se remet à sa place.
place-removed-act = Voir ce qui a été retiré
removed-title = Ce qui a été retiré
removed-lead = Tout ce qui a été retiré ici est gardé, sans limite de temps. Remettre une chose la rend telle qu’elle était.
removed-none = Rien n’a été retiré ici.
removed-none-hint = Ce que l’on retire d’un cycle ou d’un graphique viendra ici.
removed-many = { $by } a retiré { $count } éléments d’un coup, le { $when }.
removed-many-values = { $by } a effacé d’un coup les chiffres de { $count } cases, le { $when }.
removed-many-see = Voir
removed-many-restore = Tout remettre
removed-many-leave = C’est voulu
removed-many-back = { $count ->
        [one] { $count } élément est de nouveau à sa place.
       *[other] { $count } éléments sont de nouveau à leur place.
    }
removed-many-lacking = { $count ->
        [one] Une case attend : ses chiffres ne sont pas sur cet ordinateur.
       *[other] { $count } cases attendent : leurs chiffres ne sont pas sur cet ordinateur.
    }
removed-by = retiré par { $author }, { $when }
removed-restore = Remettre
removed-restore-named = Remettre : { $label }
removed-back = « { $label } » est de nouveau à sa place.
