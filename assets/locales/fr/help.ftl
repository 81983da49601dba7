help-title = Aide
help-contents = Sommaire

about-title = À propos de Ɲɛtaa
about-version = Version { $version }.
about-licence = Ɲɛtaa est un logiciel libre, sous licence Apache 2.0 : chacun peut s’en servir, le lire, le changer et le transmettre.
about-parts = Licences
about-parts-hint = Ɲɛtaa contient { $count } parties écrites par d’autres, chacune sous sa licence. Leurs textes, en anglais, sont ici et se lisent sans réseau.
about-search = Chercher une partie ou une licence
about-none = Aucune partie ne porte ce nom.
