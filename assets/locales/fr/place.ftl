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
