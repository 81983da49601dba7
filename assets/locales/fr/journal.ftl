journal-server = Échange avec le serveur. Enregistrements envoyés : { $sent }, reçus : { $received }. Octets envoyés : { $up }, reçus : { $down }. Demandes : { $requests }.
journal-took = Durée : { $seconds } s.
journal-removed = Retirés en grand nombre par d’autres : { $removed }.
journal-stick-out = Copie sur une clé USB. Enregistrements : { $sent }. Octets : { $up }.
journal-stick-in = Lecture d’une clé USB. Enregistrements nouveaux : { $received }. Octets : { $down }.
journal-successor = Le serveur a été remplacé ; le nouveau est reconnu.
journal-the-server = le serveur
