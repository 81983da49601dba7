help-title = Help
help-contents = Contents
