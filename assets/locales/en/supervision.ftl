rail-supervision = Visits
supervision-title = Visits
supervision-lead = Choose the checklists of a visit and print the sheet. It follows the walk through the centre, and what several checklists ask stands on it once.
supervision-choose = Checklists, { $most } at most
supervision-size =
    { $critical ->
        [0] { $items } items
       *[other] { $items } items, { $critical } of them critical
    }
supervision-none-chosen = Choose a checklist: its items show here, in the order of the visit.
supervision-walk = Items in the order of the visit
supervision-walk-count =
    { $count ->
        [one] { $count } item, in the order of the visit
       *[other] { $count } items, in the order of the visit
    }
supervision-critical-item = { $item } (critical)
supervision-elsewhere = For a phone
supervision-xlsform = Kobo and ODK read these workbooks (XLSForm). Weights, critical items and places have columns of their own.
supervision-keep = XLSForm workbook: { $name }
supervision-sheet = Visit sheet { $names }
supervision-sheet-title = Supportive supervision sheet
supervision-centre = Centre
supervision-day = Date
supervision-how = One cross in one box a row. N/A: not applicable. The code is there to find the row again. A “no” to a critical item asks for a recommendation.
supervision-code = Code
supervision-item = Item
supervision-yes = Yes
supervision-no = No
supervision-na = N/A
supervision-remark = Number, remark
supervision-recommendations = Recommendations
supervision-recommendation = Recommendation
supervision-owner = Owner
supervision-level = Level
supervision-due = Due
supervision-sign-visitor = Supervisor: name and signature
supervision-sign-centre = Centre: name and signature
supervision-version = { $name }, version { $version }.
station-arrival = Arrival
station-maternity = Maternity
station-antenatal = Antenatal care and family planning
station-consultation = Consultation
station-pharmacy = Pharmacy
station-office = Office
station-community = Community
station-feedback = Feedback
station-elsewhere = Elsewhere
supervision-answer = Answer
form-title = Kobo or ODK form
form-lead = Open an XLSForm workbook to see what it becomes as a checklist. Then print it or keep it; a form of the same name makes a new version.
form-file = An XLSForm
form-count =
    { $count ->
        [one] { $count } question.
       *[other] { $count } questions.
    }
form-languages = Languages: { $languages }.
form-whole = All of it is taken over.
form-notices =
    { $count ->
        [one] { $count } remark
       *[other] { $count } remarks
    }
form-at = { $sheet }, row { $row }
form-logic-relevant = the condition
form-logic-constraint = the constraint
form-logic-required = whether it is required
form-logic-calculation = the calculation
form-logic-choice-filter = the filter of choices
form-logic-rounds = the number of repeats
form-notice-duplicate-column = two columns have the heading “{ $heading }”. The first is read.
form-notice-unknown-type = the type “{ $kind }” is not known. The question stays and cannot be answered.
form-notice-from-file = its choices are in another file, { $file }. The question stays and cannot be answered.
form-notice-missing-include = a part of the form is in another file, { $file }. It is missing.
form-notice-no-type = the row has no type. It is left out.
form-notice-no-name = the row had no name. It got one.
form-notice-renamed = was called “{ $from }”, a name that is taken, reserved or impossible.
form-notice-missing-calculation = is to be worked out, and nothing says how.
form-notice-missing-list = the list of choices “{ $list }” is missing. The question stays and cannot be answered.
form-notice-misread = { $logic } cannot be read and is left out.
form-notice-unknown-function = { $logic } uses the function { $function }, which is not known here, and is left out.
form-notice-too-long = { $logic } is longer than is read and is left out.
form-notice-unknown-name = { $logic } asks for “{ $asked }”, which is not in the form, and is left out.
form-notice-too-deep = too many groups within one another. This one is put beside the last.
form-notice-stray-end = a group ends that never began.
form-notice-no-end = the group has no end. It ends with the form.
form-notice-loop = repeats for each choice of “{ $list }”. It is asked once.
form-notice-other-language = the language “{ $language }” is neither French nor English. Its texts are left out.
form-notice-media = the column “{ $heading }” asks for pictures or sounds. They are left out.
form-notice-not-a-mark = “{ $value }” is no weight, number or mark. It is left out.
form-notice-of-the-telephone = “{ $kind }” asks the telephone alone. Nobody answers it.
supervision-part = { $title } ({ $list })
form-questions = Questions
