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
