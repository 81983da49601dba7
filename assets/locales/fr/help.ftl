help-title = Aide
help-contents = Sommaire
