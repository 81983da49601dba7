help-title = Help
help-contents = Contents

about-title = About Ɲɛtaa
about-version = Version { $version }.
about-licence = Ɲɛtaa is free software under the Apache 2.0 licence: anyone may use it, read it, change it and pass it on.
about-parts = Licences
about-parts-hint = Ɲɛtaa contains { $count } parts that others wrote, each under its licence. Their texts are here and can be read without a network.
about-search = Look for a part or a licence
about-none = No part has this name.
