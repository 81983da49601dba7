//! Each thing that the disk does to what is written, and what it never does, over many draws of chance.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use super::*;

const DRAWS: u64 = 300;
const FILE: &str = "home/a";

/// A disk with one file of so many sectors, each full of `byte`, flushed with its name.
fn disk(sectors: usize, byte: u8) -> (Platter, Inode) {
    let mut disk = Platter::default();
    let inode = disk.create(Some(FILE), false).unwrap();
    disk.write(inode, 0, &vec![byte; sectors * SECTOR]).unwrap();
    disk.sync(inode).unwrap();
    disk.sync_folder("home").unwrap();
    (disk, inode)
}

/// What the file holds after the power was cut and came back.
fn after_cut(disk: &mut Platter, inode: Inode, draw: u64) -> Vec<u8> {
    disk.cut();
    disk.power_on(&mut Chance::of(draw));
    disk.read(inode).unwrap().to_vec()
}

/// Whether a name is found after a cut, over all draws: at least once, and at least once not.
fn found_and_not(name: &str, mut make: impl FnMut() -> Platter) -> (bool, bool) {
    let (mut found, mut not) = (false, false);
    for draw in 0..DRAWS {
        let mut disk = make();
        disk.cut();
        disk.power_on(&mut Chance::of(draw));
        match disk.find(name) {
            Ok(_) => found = true,
            Err(_) => not = true,
        }
    }
    (found, not)
}

#[test]
fn of_what_was_not_flushed_each_sector_is_kept_or_lost_by_itself() {
    let (mut all_old, mut all_new, mut mixed) = (0, 0, 0);
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(4, b'o');
        disk.write(inode, 0, &[b'n'; 4 * SECTOR]).unwrap();
        let found = after_cut(&mut disk, inode, draw);
        let sectors: Vec<u8> = found.chunks(SECTOR).map(|sector| sector[0]).collect();
        for (at, sector) in found.chunks(SECTOR).enumerate() {
            assert!(
                sector.iter().all(|byte| *byte == sectors[at]),
                "draw {draw}: sector {at} is torn"
            );
        }
        match sectors.as_slice() {
            b"oooo" => all_old += 1,
            b"nnnn" => all_new += 1,
            _ => mixed += 1,
        }
    }
    assert!(
        all_old > 0 && all_new > 0 && mixed > 0,
        "{all_old} lost, {all_new} kept, {mixed} in part"
    );
}

#[test]
fn a_write_across_two_sectors_may_be_halved_where_they_meet() {
    let mut halves = 0;
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(2, b'o');
        disk.write(inode, SECTOR - 10, &[b'n'; 20]).unwrap();
        let found = after_cut(&mut disk, inode, draw);
        let (first, second) = (found[SECTOR - 1], found[SECTOR]);
        assert_eq!((found[SECTOR - 11], found[SECTOR + 10]), (b'o', b'o'));
        halves += u32::from(first != second);
    }
    assert!(halves > 0);
}

#[test]
fn what_was_flushed_is_there_after_any_cut() {
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(3, b'o');
        disk.write(inode, 0, &[b'n'; 2 * SECTOR]).unwrap();
        disk.sync(inode).unwrap();
        disk.write(inode, 2 * SECTOR, &[b'x'; SECTOR]).unwrap();
        let found = after_cut(&mut disk, inode, draw);
        assert!(
            found[..2 * SECTOR].iter().all(|byte| *byte == b'n'),
            "draw {draw}"
        );
    }
}

#[test]
fn a_length_that_was_not_flushed_may_be_the_old_one() {
    let mut lengths = BTreeSet::new();
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(2, b'o');
        disk.truncate(inode, 0).unwrap();
        lengths.insert(after_cut(&mut disk, inode, draw).len());
    }
    assert_eq!(lengths, BTreeSet::from([0, 2 * SECTOR]));
}

#[test]
fn a_new_name_may_be_gone_until_its_folder_is_flushed() {
    let make = |flushes: bool| {
        let mut disk = Platter::default();
        disk.create(Some(FILE), false).unwrap();
        if flushes {
            disk.sync_folder("home").unwrap();
        }
        disk
    };
    assert_eq!(found_and_not(FILE, || make(false)), (true, true));
    assert_eq!(found_and_not(FILE, || make(true)), (true, false));
}

#[test]
fn a_deleted_name_may_come_back_until_its_folder_is_flushed() {
    let make = |flushes: bool| {
        let (mut disk, _) = disk(1, b'o');
        disk.remove(FILE).unwrap();
        if flushes {
            disk.sync_folder("home").unwrap();
        }
        disk
    };
    assert_eq!(found_and_not(FILE, || make(false)), (true, true));
    assert_eq!(found_and_not(FILE, || make(true)), (false, true));
}

#[test]
fn a_file_moved_over_another_is_the_old_or_the_new_one_whole() {
    let mut seen = BTreeSet::new();
    for draw in 0..DRAWS {
        let (mut disk, _) = disk(1, b'o');
        let part = disk.create(Some("home/a.part"), false).unwrap();
        disk.write(part, 0, &[b'n'; SECTOR]).unwrap();
        disk.sync(part).unwrap();
        disk.rename("home/a.part", FILE).unwrap();
        disk.cut();
        disk.power_on(&mut Chance::of(draw));
        let found = disk.read(disk.find(FILE).unwrap()).unwrap();
        assert!(found.iter().all(|byte| *byte == found[0]), "draw {draw}");
        seen.insert(found[0]);
    }
    assert_eq!(seen, BTreeSet::from([b'n', b'o']));
}

#[test]
fn a_new_journals_first_flush_settles_its_folder_but_not_on_a_harsh_disk() {
    let make = |harsh: bool| {
        let (mut disk, _) = disk(1, b'o');
        disk.model.harsh = harsh;
        disk.remove(FILE).unwrap();
        let journal = disk.create(Some("home/journal"), true).unwrap();
        disk.write(journal, 0, b"begun").unwrap();
        disk.sync(journal).unwrap();
        disk
    };
    assert_eq!(found_and_not(FILE, || make(false)), (false, true));
    assert_eq!(
        found_and_not(FILE, || make(true)),
        (true, true),
        "on a harsh disk what was deleted comes back"
    );
    // Where nothing stood before, the journal's own name lasts on both.
    for harsh in [false, true] {
        assert_eq!(found_and_not("home/journal", || make(harsh)), (true, false));
    }
}

#[test]
fn on_a_harsh_disk_a_new_journal_may_give_way_to_the_one_deleted_in_its_place() {
    let mut seen = BTreeSet::new();
    for draw in 0..DRAWS {
        let (mut disk, _) = disk(1, b'o');
        disk.model.harsh = true;
        disk.remove(FILE).unwrap();
        let journal = disk.create(Some(FILE), true).unwrap();
        disk.write(journal, 0, b"n").unwrap();
        disk.sync(journal).unwrap();
        disk.cut();
        disk.power_on(&mut Chance::of(draw));
        let found = disk.find(FILE).and_then(|inode| disk.read(inode));
        seen.insert(found.ok().and_then(|bytes| bytes.first().copied()));
    }
    assert_eq!(seen, BTreeSet::from([None, Some(b'n'), Some(b'o')]));
}

#[test]
fn a_lying_disk_loses_what_it_said_it_had_flushed() {
    let mut lost = 0;
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(1, b'o');
        disk.model.lying = true;
        disk.write(inode, 0, &[b'n'; SECTOR]).unwrap();
        disk.sync(inode).unwrap();
        lost += u32::from(after_cut(&mut disk, inode, draw)[0] == b'o');
    }
    assert!(lost > 0);
    let names = found_and_not("home/b", || {
        let mut disk = Platter::default();
        disk.model.lying = true;
        disk.create(Some("home/b"), true).unwrap();
        disk.sync_folder("home").unwrap();
        disk
    });
    assert_eq!(names, (true, true));
}

#[test]
fn as_many_operations_are_refused_as_were_asked_and_change_nothing() {
    let (mut disk, inode) = disk(1, b'o');
    disk.break_in(1, 2);
    disk.write(inode, 0, b"1").unwrap();
    assert_eq!(disk.write(inode, 0, b"2"), Err(Fault::Broken));
    assert_eq!(disk.truncate(inode, 0), Err(Fault::Broken));
    assert_eq!(disk.read(inode).unwrap()[..2], *b"1o");
    disk.write(inode, 0, b"3").unwrap();
    assert_eq!(disk.read(inode).unwrap()[..2], *b"3o");
    assert_eq!(disk.counts.broken, 2);
}

#[test]
fn after_a_refused_flush_the_next_one_helps_nothing() {
    let (mut shown, mut lost, mut kept) = (0, 0, 0);
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(1, b'o');
        // What the device does depends on how much it has done.
        disk.counts.operations += draw;
        disk.write(inode, 0, &[b'n'; SECTOR]).unwrap();
        disk.break_in(0, 1);
        assert_eq!(disk.sync(inode), Err(Fault::Broken));
        let still = disk.read(inode).unwrap()[0] == b'n';
        disk.sync(inode).unwrap();
        match after_cut(&mut disk, inode, draw)[0] {
            b'o' => lost += 1,
            _ => kept += 1,
        }
        shown += u32::from(still);
    }
    assert!(
        shown > 0 && lost > 0 && kept > 0,
        "{shown} shown, {lost} lost, {kept} kept"
    );
    assert!(shown > kept, "some is shown that is not on the disk");
}

#[test]
fn what_is_written_once_more_after_a_refused_flush_lasts() {
    for draw in 0..DRAWS {
        let (mut disk, inode) = disk(4, b'o');
        disk.counts.operations += draw;
        disk.write(inode, SECTOR, &[b'n'; 2 * SECTOR]).unwrap();
        disk.break_in(0, 1);
        assert_eq!(disk.sync(inode), Err(Fault::Broken));
        let shown = disk.read(inode).unwrap();
        disk.write(inode, 0, &shown).unwrap();
        disk.sync(inode).unwrap();
        assert!(after_cut(&mut disk, inode, draw) == *shown, "draw {draw}");
    }
}

#[test]
fn a_full_disk_takes_nothing_more_but_can_be_written_over_and_emptied() {
    let (mut disk, inode) = disk(2, b'o');
    disk.room(Some(2 * SECTOR as u64));
    assert_eq!(
        disk.write(inode, SECTOR, &[b'n'; SECTOR + 1]),
        Err(Fault::Full)
    );
    assert!(disk.read(inode).unwrap().iter().all(|byte| *byte == b'o'));
    disk.write(inode, SECTOR, &[b'n'; SECTOR]).unwrap();
    disk.truncate(inode, SECTOR).unwrap();
    let other = disk.create(Some("home/b"), false).unwrap();
    disk.write(other, 0, &[b'x'; SECTOR]).unwrap();
    assert_eq!(disk.write(other, SECTOR, b"x"), Err(Fault::Full));
    disk.remove(FILE).unwrap();
    disk.write(other, SECTOR, b"x").unwrap();
    assert_eq!((disk.used(), disk.counts.full), (SECTOR as u64 + 1, 2));
}

#[test]
fn the_cut_falls_on_the_operation_that_was_said_and_nothing_answers_after_it() {
    let (mut disk, inode) = disk(1, b'o');
    disk.cut_in(Some(2));
    disk.write(inode, 0, b"1").unwrap();
    disk.sync(inode).unwrap();
    assert!(!disk.is_off());
    assert_eq!(disk.write(inode, 0, b"2"), Err(Fault::Off));
    assert!(disk.is_off());
    assert_eq!(disk.read(inode), Err(Fault::Off));
    assert_eq!(disk.sync(inode), Err(Fault::Off));
    assert_eq!(disk.find(FILE), Err(Fault::Off));
    let age = disk.age;
    disk.power_on(&mut Chance::of(1));
    assert_eq!(disk.age, age + 1, "what was open before is dead");
    assert!(matches!(disk.read(inode).unwrap()[0], b'1' | b'2'));
}

#[test]
fn an_image_is_what_is_read_and_lasts_where_it_is_put() {
    let (mut one, inode) = disk(1, b'o');
    one.write(inode, 0, b"n").unwrap();
    let image = one.image();
    one.write(inode, 0, b"x").unwrap();
    for draw in 0..20 {
        let mut other = Platter::default();
        other.put(&image);
        let inode = other.find(FILE).unwrap();
        assert_eq!(after_cut(&mut other, inode, draw)[..2], *b"no");
    }
}
