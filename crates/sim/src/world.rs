//! The world of the simulation: who is there, and what one step of chance does.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use serde_json::{Value as Json, json};
use server::Invite;
use simdisk::{Chance, Image};

use crate::air::{Fates, Sky, Weather};
use crate::ground::{Centre, DAY_MS, Laptop, Time};
use crate::holders::{key_of, pairs, values_of};
use crate::sight::{self, Log};
use crate::upheaval::Stick;

pub use crate::ground::Post;

/// What a command says at a place that has left the laptop.
const GONE: [&str; 4] = [
    "not-allowed-here",
    "laptop-revoked",
    "record-gone",
    "place-unknown",
];

/// 2026-07-15 at noon UTC.
const BEGINNING_MS: u64 = 1_784_116_800_000;
/// Long past on every clock of the simulation, so that no laptop takes them for months to come.
pub const MONTHS: [&str; 4] = ["2012-01", "2012-02", "2012-03", "2012-04"];
/// The measure whose values are typed.
pub const MEASURE: &str = "MNCH-02";

/// A failure, told.
pub type Outcome<T = ()> = Result<T, String>;

/// A facility, with the cycle that everybody works on.
#[derive(Debug, Clone)]
pub struct Facility {
    /// Its place, as commands name it.
    pub place: Json,
    /// Its scope.
    pub scope: ScopeId,
    /// Its cycle.
    pub cycle: Json,
}

/// Something that a command acknowledged.
#[derive(Debug, Clone)]
pub struct Item {
    /// Where it belongs.
    pub scope: ScopeId,
    /// The record.
    pub record: RecordId,
    /// The field's name.
    pub field: &'static str,
    /// The value, unlike every other, as plain text.
    pub value: String,
    /// The past of the laptop on which it was acknowledged.
    pub line: u32,
    /// That laptop.
    pub by: usize,
    /// The only disk that had it was put back to an older state: nobody can have it any more.
    pub excused: bool,
}

/// What happened in a world.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Steps and faults, by name.
    pub happened: BTreeMap<&'static str, u64>,
    /// Changes that were acknowledged and looked for at the end on every replica.
    pub acknowledged: u64,
    /// Those among them that went with the only disk that had them.
    pub excused: u64,
    /// Those among them whose stream went on otherwise after a disk was put back: they lie aside, where a person reads them.
    pub aside: u64,
    /// Laptops that went on under a new name.
    pub minted: u64,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, what: &'static str) {
        *self.happened.entry(what).or_insert(0) += 1;
    }

    /// Adds another world's.
    pub fn add(&mut self, other: &Self) {
        for (what, count) in &other.happened {
            *self.happened.entry(what).or_insert(0) += count;
        }
        self.acknowledged += other.acknowledged;
        self.excused += other.excused;
        self.aside += other.aside;
        self.minted += other.minted;
    }

    pub(crate) fn fates(&mut self, fates: Fates) {
        for (what, count) in [
            ("requests", fates.posted),
            ("requests lost", fates.lost),
            ("answers lost", fates.unheard),
            ("requests doubled", fates.doubled),
            ("requests late and out of order", fates.late),
        ] {
            *self.happened.entry(what).or_insert(0) += count;
        }
    }
}

/// A laptop's disk as it once was.
pub(crate) struct Copy {
    pub who: usize,
    pub image: Image,
}

/// Everything.
pub struct World {
    pub(crate) chance: Chance,
    pub(crate) time: Time,
    pub(crate) sky: Sky,
    pub(crate) centre: Centre,
    /// The stolen server, which goes on elsewhere.
    pub(crate) thief: Centre,
    /// The secret that lies in the safe.
    pub(crate) heir: [u8; 32],
    pub(crate) laptops: Vec<Laptop>,
    pub(crate) facilities: Vec<Facility>,
    pub(crate) items: Vec<Item>,
    /// Numbers given in streams: past, replica, scope, number.
    pub(crate) given: BTreeSet<(u32, ReplicaId, ScopeId, u64)>,
    pub(crate) copies: Vec<Copy>,
    /// Names that the operator no longer believes.
    pub(crate) revoked_names: BTreeSet<ReplicaId>,
    /// Which district each facility lies in.
    pub(crate) lies_in: Vec<usize>,
    /// Nothing is copied or put back but the server, nobody comes, goes or moves, and no stick goes round.
    pub calm: bool,
    /// Sticks go round, and no laptop is copied, put back or revoked: so in every other seed.
    pub(crate) by_hand: bool,
    /// Whether a person has let in what lay aside.
    pub(crate) let_in: bool,
    /// Whether any facility has moved.
    pub(crate) moved: bool,
    /// What the couriers carry.
    pub(crate) sticks: Vec<Stick>,
    pub(crate) next_line: u32,
    pub(crate) written: u64,
    pub(crate) step: u64,
    pub(crate) trace: Vec<String>,
    /// The value that whoever looks for its way has named in `WATCH`, and who held it last.
    pub(crate) watched: Option<(String, String)>,
    /// What happened.
    pub tally: Tally,
}

/// A world in which everybody is enrolled and work has begun, to begin others with.
pub struct Beginning {
    encrypted: bool,
    server: Image,
    heir: [u8; 32],
    laptops: Vec<(&'static str, Post, Image)>,
    facilities: Vec<Facility>,
}

/// Who there is.
const PEOPLE: [(&str, Post); 6] = [
    ("Awa", Post::Team(0)),
    ("Binta", Post::Team(0)),
    ("Sékou", Post::Team(1)),
    ("Moussa", Post::Team(1)),
    ("Issa", Post::Coach(0)),
    ("Fanta", Post::Coach(1)),
];
/// The districts; both facilities lie in the first one, in the beginning.
pub(crate) const DISTRICTS: [&str; 2] = ["Sélingué", "Yanfolila"];
/// The facilities.
pub(crate) const FACILITIES: [&str; 2] = ["CSCom de Kangaré", "CSCom de Faraba"];
/// How many couriers go round.
const COURIERS: usize = 2;

impl Beginning {
    /// Enrols everybody on healthy disks.
    ///
    /// # Errors
    /// When anything is refused.
    pub fn make(encrypted: bool) -> Outcome<Self> {
        let mut world = World::empty(0);
        world.start_server()?;
        let heir = world.name_heir()?;
        for (name, post) in PEOPLE {
            let line = world.new_line();
            world.laptops.push(Laptop::new(name, post, line, encrypted));
            let who = world.laptops.len() - 1;
            world.open(who)?;
            world.enrol(who, 0)?;
        }
        for who in [0, 2] {
            let place = world.must(who, "start_state", json!({}))?["place"]["id"].clone();
            let request = json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" });
            let cycle = world.must(who, "start_cycle", request)?["id"].clone();
            let scope = id(&place)?.as_scope();
            world.facilities.push(Facility {
                place,
                scope,
                cycle,
            });
        }
        world.quiet()?;
        world.sky.air().server = None;
        for laptop in &mut world.laptops {
            laptop.app = None;
        }
        Ok(Self {
            encrypted,
            server: world.centre.disk.image(),
            heir,
            laptops: world
                .laptops
                .iter()
                .map(|laptop| (laptop.name, laptop.post, laptop.disk.image()))
                .collect(),
            facilities: world.facilities.clone(),
        })
    }
}

pub(crate) fn id(json: &Json) -> Outcome<RecordId> {
    serde_json::from_value(json.clone()).map_err(|_| format!("{json} is no record"))
}

impl World {
    fn empty(seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let sky = Sky::new(Chance::of(chance.bits()));
        Self {
            chance,
            time: Time::at(BEGINNING_MS),
            sky,
            centre: Centre::default(),
            thief: Centre::default(),
            heir: [0; 32],
            laptops: Vec::new(),
            facilities: Vec::new(),
            items: Vec::new(),
            given: BTreeSet::new(),
            copies: Vec::new(),
            revoked_names: BTreeSet::new(),
            lies_in: vec![0; FACILITIES.len()],
            calm: false,
            by_hand: seed.is_multiple_of(2),
            let_in: false,
            moved: false,
            sticks: vec![Stick::default(); COURIERS],
            next_line: 0,
            written: 0,
            step: 0,
            trace: Vec::new(),
            watched: std::env::var("WATCH")
                .ok()
                .map(|value| (value, String::new())),
            tally: Tally::default(),
        }
    }

    /// The world that follows from a seed.
    ///
    /// # Errors
    /// When somebody's folder does not open.
    pub fn new(seed: u64, beginning: &Beginning) -> Outcome<Self> {
        let mut world = Self::empty(seed);
        world.facilities.clone_from(&beginning.facilities);
        world.heir = beginning.heir;
        world.centre.disk.put(&beginning.server);
        world.start_server()?;
        world.lies_in = vec![0; world.facilities.len()];
        for (name, post, image) in &beginning.laptops {
            let line = world.new_line();
            let laptop = Laptop::new(name, *post, line, beginning.encrypted);
            laptop.disk.put(image);
            if world.chance.one_in(2) {
                laptop.set_off((world.chance.below(7300) as i64 - 3650) * DAY_MS);
            }
            world.laptops.push(laptop);
            let who = world.laptops.len() - 1;
            world.open(who)?;
            world.laptops[who].works_at = world.reach(who);
            if world.chance.one_in(4) {
                world.make_older(who)?;
            }
        }
        Ok(world)
    }

    pub(crate) fn new_line(&mut self) -> u32 {
        self.next_line += 1;
        self.next_line
    }

    /// Writes down what happens, for whoever reads a failure.
    pub(crate) fn note(&mut self, what: impl Into<String>) {
        self.trace.push(format!("{:4} {}", self.step, what.into()));
    }

    /// The last things that happened.
    pub fn last_steps(&self) -> &[String] {
        // All of them for whoever runs one seed again.
        let most = if std::env::var_os("SEED").is_some() {
            self.trace.len()
        } else {
            60
        };
        &self.trace[self.trace.len().saturating_sub(most)..]
    }

    pub(crate) fn start_server(&mut self) -> Outcome {
        let chance = Chance::of(self.chance.bits());
        let server = self
            .centre
            .open(&self.time, chance)
            .map_err(|error| format!("the server does not open: {error}"))?;
        self.sky.air().server = Some(server);
        Ok(())
    }

    pub(crate) fn open(&mut self, who: usize) -> Outcome {
        let chance = Chance::of(self.chance.bits());
        let (time, sky) = (self.time.clone(), self.sky.clone());
        let laptop = &mut self.laptops[who];
        let before = laptop.replica;
        laptop
            .open(who, &time, &sky, chance)
            .map_err(|error| format!("{laptop:?} does not open: {error:?}"))?;
        self.renamed(who, before)
    }

    /// A laptop may go on under another name in the log only when something has touched its past.
    pub(crate) fn renamed(&mut self, who: usize, before: Option<ReplicaId>) -> Outcome {
        let laptop = &mut self.laptops[who];
        let Some(app) = &laptop.app else {
            return Ok(());
        };
        let now = sight::of(app, |cx| cx.store().replica());
        laptop.replica = Some(now);
        if before.is_none_or(|before| before == now) {
            return Ok(());
        }
        // What others' second pasts took away from under its work is a reason too.
        let parted = sight::of(app, |cx| sight::parted(cx.store()))?;
        let (name, touched) = (laptop.name, laptop.touched || laptop.suspected || parted);
        self.tally.minted += 1;
        self.note(format!("{name} goes on under a new name"));
        if touched {
            Ok(())
        } else {
            Err(format!("{name} took a new name without a reason"))
        }
    }

    /// First start and enrolment; a facility's district is the one that it lies in.
    pub(crate) fn enrol(&mut self, who: usize, lies_in: usize) -> Outcome {
        let (name, post) = (self.laptops[who].name, self.laptops[who].post);
        let named = match post {
            Post::Team(_) => lies_in,
            Post::Coach(district) => district,
        };
        let search = json!({ "query": DISTRICTS[named], "levels": ["district"] });
        let district = self.must(who, "search_places", search)?[0]["id"].clone();
        let (place, new_place, role) = match post {
            Post::Team(at) => {
                let facility =
                    json!({ "name": FACILITIES[at], "level": "facility", "parent": district });
                (Json::Null, facility, Role::Lead)
            }
            Post::Coach(_) => (district, Json::Null, Role::Coach),
        };
        let begin = json!({
            "language": "fr", "place": place, "new_place": new_place, "person_name": name, "role": role.word(), "pin": "",
        });
        self.must(who, "begin", begin)?;
        let facility = match post {
            Post::Team(at) => Some(FACILITIES[at].to_owned()),
            Post::Coach(_) => None,
        };
        let invite = Invite {
            place: DISTRICTS[named].to_owned(),
            facility,
            role,
            uses: 1,
            days: 30,
            also: Vec::new(),
        };
        let code = match &self.sky.air().server {
            Some(server) => server.invite(&invite).map_err(|error| error.to_string())?,
            None => return Err("there is no server to invite".to_owned()),
        };
        self.sky.turn(who, Weather::Fair);
        let state = self.must(who, "enrol", json!({ "server": "sim", "code": code }))?;
        if state["last"]["ok"] != true {
            return Err(format!("enrolment ended badly: {}", state["last"]));
        }
        Ok(())
    }

    /// A command that nothing hinders.
    pub(crate) fn must(&self, who: usize, name: &str, request: Json) -> Outcome<Json> {
        let laptop = &self.laptops[who];
        laptop
            .call(name, request.clone())
            .map_err(|error| format!("{laptop:?}: {name} {request} was refused: {error:?}"))
    }

    /// A command that may fail where the disk does; what else refuses it is a failure.
    pub(crate) fn ask(&mut self, who: usize, name: &str, request: Json) -> Outcome<Option<Json>> {
        let laptop = &self.laptops[who];
        match laptop.call(name, request.clone()) {
            Ok(answer) => Ok(Some(answer)),
            Err(_) if laptop.disk.is_off() || laptop.hindered => Ok(None),
            // To a coach who has heard that it moved away, and has it still, only its team may.
            Err(error)
                if self.moved
                    && matches!(laptop.post, Post::Coach(_))
                    && error.code == "only-the-team" =>
            {
                Ok(None)
            }
            // A facility that has moved away, or a laptop that is no longer believed.
            Err(error) if (self.moved || laptop.revoked) && GONE.contains(&error.code.as_str()) => {
                Ok(None)
            }
            Err(error) => Err(format!(
                "{laptop:?}: {name} {request} was refused: {error:?}"
            )),
        }
    }

    /// What the server has put aside, by the names of people and places.
    pub(crate) fn aside(&self) -> Outcome<String> {
        let mut told = String::new();
        for (reason, scope, replica) in sight::put_aside(&self.centre)? {
            let whose = self
                .laptops
                .iter()
                .find(|laptop| laptop.replica == Some(replica));
            let whose = whose.map_or_else(|| replica.to_string(), |laptop| laptop.name.to_owned());
            let of = self
                .facilities
                .iter()
                .position(|facility| facility.scope == scope);
            let of = of.map_or_else(|| scope.to_string(), |at| FACILITIES[at].to_owned());
            told.push_str(&format!("\n  aside for {reason}: {whose} at {of}"));
        }
        Ok(told)
    }

    /// One step of chance.
    ///
    /// # Errors
    /// What should never be seen.
    pub fn step(&mut self) -> Outcome {
        self.step += 1;
        let pause = self.chance.below(6 * 60 * 60 * 1000);
        self.time.pass(60_000 + pause);
        let who = self.chance.below(self.laptops.len() as u64) as usize;
        match self.chance.below(60) {
            0..=14 => self.count(who)?,
            15..=18 => self.word_of_cycle(who)?,
            19..=22 => self.idea(who)?,
            23 => self.delete_or_restore(who)?,
            24..=25 => self.comment(who)?,
            26..=27 => self.settle(who)?,
            28 => self.jump(who),
            29..=30 => self.threaten_power(who),
            31 => self.threaten_server(),
            32 => self.fill(who),
            33 => self.break_disk(who),
            34 if self.chance.one_in(2) => self.upgrade(who)?,
            34 => self.reopen(who)?,
            35 => self.sky.deliver_late(),
            36 => self.back_up_server(),
            37 if !self.calm && self.chance.one_in(3) => self.replace_server()?,
            37 if self.chance.one_in(2) => self.restore_server()?,
            // From here on: what shakes more than one laptop.
            38..=46 if self.calm => self.exchange(who)?,
            // Either sticks go round or names change: where both happen, what went by hand under a name that ended
            // may wait for good, and the rest of the checks would say nothing.
            38..=40 | 42 if self.by_hand => self.courier(who)?,
            44..=46 if !self.by_hand => self.exchange(who)?,
            38 => self.copy_disk(who),
            39 if self.chance.one_in(2) => self.restore_laptop()?,
            40 if self.chance.one_in(2) => self.clone_laptop()?,
            41 if self.chance.one_in(3) => self.move_facility()?,
            42 if self.chance.one_in(6) => self.revoke(who)?,
            43 if self.chance.one_in(3) => self.newcomer()?,
            44..=46 => self.courier(who)?,
            _ => self.exchange(who)?,
        }
        self.pick_up()
    }

    /// Whoever lost power has it back, whoever had no room may have some again.
    pub(crate) fn pick_up(&mut self) -> Outcome {
        for who in 0..self.laptops.len() {
            while self.laptops[who].disk.is_off() {
                self.tally.count("power cuts of laptops");
                let name = self.laptops[who].name;
                self.note(format!("{name} loses power"));
                let chance = &mut self.chance;
                let laptop = &mut self.laptops[who];
                laptop.app = None;
                laptop.disk.power_on(chance);
                laptop.help();
                // Sometimes it goes again while the folder is being opened.
                if chance.one_in(6) {
                    let soon = chance.below(40);
                    self.laptops[who].disk.cut_in(Some(soon));
                }
                let opened = self.open(who);
                if !self.laptops[who].disk.is_off() {
                    self.laptops[who].disk.cut_in(None);
                    opened?;
                    self.holds_its_own(who)?;
                }
            }
            if self.laptops[who].hindered && self.chance.one_in(4) {
                self.laptops[who].help();
            }
        }
        while self.centre.disk.is_off() {
            self.tally.count("power cuts of the server");
            self.note("the server loses power");
            // What was under way to it goes with its connections.
            self.sky.forget_late();
            self.sky.air().server = None;
            self.centre.disk.power_on(&mut self.chance);
            self.centre.help();
            let opened = self.start_server();
            if !self.centre.disk.is_off() {
                opened?;
                self.receipts_hold()?;
            }
        }
        if self.centre.hindered && self.chance.one_in(3) {
            self.centre.help();
        }
        Ok(())
    }

    /// After a power cut: what this laptop acknowledged, and no exchange has moved elsewhere, is on it.
    fn holds_its_own(&mut self, who: usize) -> Outcome {
        // A facility that moved has left with all that was sent of it; that of a team's own stays.
        let post = self.laptops[who].post;
        if self.laptops[who].revoked || (self.moved && matches!(post, Post::Coach(_))) {
            return Ok(());
        }
        let log = self.log_of(who)?;
        let values = values_of(&log);
        let line = self.laptops[who].line;
        for item in &self.items {
            if item.by == who
                && item.line == line
                && !item.excused
                && !values.contains(&key_of(item))
            {
                return Err(format!(
                    "{:?} lost {} in a power cut",
                    self.laptops[who], item.value
                ));
            }
        }
        Ok(())
    }

    /// After a power cut of the server: what laptops were told it holds, it holds.
    pub(crate) fn receipts_hold(&mut self) -> Outcome {
        let (log, aside) = sight::server_log(&self.centre)?;
        let mut held = values_of(&log);
        held.extend(values_of(pairs(&aside)));
        for (who, laptop) in self.laptops.iter().enumerate() {
            let Some(app) = &laptop.app else { continue };
            if laptop.met_server <= self.centre.restored {
                continue;
            }
            let waiting =
                sight::of(app, |cx| cx.store().waiting()).map_err(|error| error.to_string())?;
            let replica = sight::of(app, |cx| cx.store().replica());
            let waiting: Log = waiting
                .into_iter()
                .map(|(scope, seq, save)| ((scope, replica, seq), save))
                .collect();
            let waiting = values_of(&waiting);
            for item in &self.items {
                let told = item.by == who && item.line == laptop.line && !item.excused;
                let key = key_of(item);
                if told && !waiting.contains(&key) && !held.contains(&key) {
                    return Err(format!(
                        "the server has told {laptop:?} that it holds {}, and does not",
                        item.value
                    ));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn log_of(&self, who: usize) -> Outcome<Log> {
        match &self.laptops[who].app {
            Some(app) => sight::of(app, |cx| sight::laptop_log(cx.store())),
            None => Ok(Log::new()),
        }
    }

    fn jump(&mut self, who: usize) {
        let days = self.chance.below(7300) as i64 - 3650;
        self.laptops[who].set_off(days * DAY_MS);
        self.tally.count("clock jumps");
        let name = self.laptops[who].name;
        self.note(format!("{name}'s clock is {days} days off"));
    }

    fn threaten_power(&mut self, who: usize) {
        let soon = self.chance.below(120);
        self.laptops[who].disk.cut_in(Some(soon));
    }

    pub(crate) fn threaten_server(&mut self) {
        let soon = self.chance.below(160);
        self.centre.disk.cut_in(Some(soon));
    }

    fn fill(&mut self, who: usize) {
        self.tally.count("full disks");
        let more = self.chance.below(60_000);
        if self.chance.one_in(4) {
            self.centre.disk.room(Some(self.centre.disk.used() + more));
            self.centre.hindered = true;
            self.note("the server's disk is nearly full");
        } else {
            let laptop = &mut self.laptops[who];
            laptop.disk.room(Some(laptop.disk.used() + more));
            laptop.hindered = true;
            let name = laptop.name;
            self.note(format!("{name}'s disk is nearly full"));
        }
    }

    fn break_disk(&mut self, who: usize) {
        self.tally.count("disks that refuse");
        let (soon, often) = (self.chance.below(60), 1 + self.chance.below(3));
        if self.chance.one_in(4) {
            self.centre.disk.break_in(soon, often);
            self.centre.hindered = true;
            self.note("the server's disk will refuse");
        } else {
            let laptop = &mut self.laptops[who];
            laptop.disk.break_in(soon, often);
            laptop.hindered = true;
            let name = laptop.name;
            self.note(format!("{name}'s disk will refuse"));
        }
    }

    pub(crate) fn reopen(&mut self, who: usize) -> Outcome {
        self.laptops[who].help();
        self.laptops[who].disk.cut_in(None);
        self.laptops[who].app = None;
        self.open(who)
    }

    fn back_up_server(&mut self) {
        if self.centre.disk.is_off() {
            return;
        }
        self.tally.count("copies of the server");
        self.note("the server is copied");
        self.centre.copies.push(self.centre.disk.image());
    }

    fn restore_server(&mut self) -> Outcome {
        if self.centre.copies.is_empty() {
            return Ok(());
        }
        let at = self.chance.below(self.centre.copies.len() as u64) as usize;
        let before = self.held_somewhere()?;
        self.tally.count("restores of the server");
        self.note("the server is put back from a copy");
        self.sky.forget_late();
        self.sky.air().server = None;
        let epoch = self.centre.folder().join("epoch");
        // Sometimes the whole machine is put back, sometimes the database alone.
        let kept = self.chance.one_in(2);
        let beside = store::Disk::read(&self.centre.disk, &epoch).ok();
        self.centre.disk.put(&self.centre.copies[at].clone());
        self.centre.help();
        if let (true, Some(beside)) = (kept, beside) {
            store::Disk::write(&self.centre.disk, &epoch, &beside)
                .map_err(|error| error.to_string())?;
        }
        let read = |world: &Self| store::Disk::read(&world.centre.disk, &epoch).ok();
        let before_start = read(self);
        self.start_server()?;
        self.centre.restored = self.step;
        // One that finds its own epoch beside it does not know that it was put back. It has forgotten what it said last,
        // and may take anyone for a copy; one that begins a new epoch takes nobody for one.
        let unaware = read(self) == before_start;
        for laptop in &mut self.laptops {
            laptop.suspected |= unaware;
        }
        for facility in 0..self.facilities.len() {
            self.ask_where(facility)?;
        }
        self.excuse(&before)
    }
}
