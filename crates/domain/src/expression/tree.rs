//! The answers as a tree, as XForms have them.

use std::collections::HashMap;

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(usize);

/// Answers under their sections. The top holds one node, `data` by custom.
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: Vec<Stored>,
    by_name: HashMap<String, Vec<Node>>,
}

#[derive(Debug, Clone)]
struct Stored {
    name: String,
    text: String,
    above: Option<Node>,
    below: Vec<Node>,
}

impl Tree {
    /// The node above all others, which has no name.
    pub const TOP: Node = Node(0);

    /// A tree without answers.
    pub fn new() -> Self {
        Self {
            nodes: vec![Stored {
                name: String::new(),
                text: String::new(),
                above: None,
                below: Vec::new(),
            }],
            by_name: HashMap::new(),
        }
    }

    /// Adds a node as the last one under another.
    pub fn add(&mut self, above: Node, name: &str, text: &str) -> Node {
        let node = self.add_aside(above, name, text);
        let named = self.by_name.entry(name.to_owned()).or_default();
        named.push(node);
        node
    }

    /// Adds a node that is reached by its path alone, and never by `${name}`.
    pub fn add_aside(&mut self, above: Node, name: &str, text: &str) -> Node {
        let node = Node(self.nodes.len());
        self.nodes.push(Stored {
            name: name.to_owned(),
            text: text.to_owned(),
            above: Some(above),
            below: Vec::new(),
        });
        self.nodes[above.0].below.push(node);
        node
    }

    /// Puts another answer into a node.
    pub fn set(&mut self, node: Node, text: &str) {
        text.clone_into(&mut self.nodes[node.0].text);
    }

    /// The answer of a node; empty for a section.
    pub fn answer(&self, node: Node) -> &str {
        &self.nodes[node.0].text
    }

    /// The name of a node.
    pub fn name(&self, node: Node) -> &str {
        &self.nodes[node.0].name
    }

    /// The node above another; the top has none.
    pub fn above(&self, node: Node) -> Option<Node> {
        self.nodes[node.0].above
    }

    /// The nodes under another, in order.
    pub fn below(&self, node: Node) -> &[Node] {
        &self.nodes[node.0].below
    }

    /// How many nodes there are, the top among them.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the top.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// Every node of a name that is nearest to another: those under the first node, on the way up, under which there is any.
    pub fn nearest(&self, from: Node, name: &str) -> Vec<Node> {
        self.nearest_of(from, name).0
    }

    /// The same, and how many nodes were looked at for it.
    pub(super) fn nearest_of(&self, from: Node, name: &str) -> (Vec<Node>, usize) {
        let Some(named) = self.by_name.get(name) else {
            return (Vec::new(), 0);
        };
        if named.len() == 1 {
            return (named.clone(), 1);
        }
        let mut looked = 0;
        let mut at = self.above(from);
        while let Some(section) = at {
            looked += named.len();
            let under = named.iter().filter(|node| self.is_under(**node, section));
            let found: Vec<Node> = under.copied().collect();
            if !found.is_empty() {
                return (found, looked);
            }
            at = self.above(section);
        }
        (named.clone(), looked)
    }

    /// Whether a node stands under another, at any depth.
    pub fn is_under(&self, node: Node, section: Node) -> bool {
        let mut at = self.above(node);
        while let Some(above) = at {
            if above == section {
                return true;
            }
            at = self.above(above);
        }
        false
    }

    /// The place of a node among those of its name under the same node, from 1.
    pub fn position(&self, node: Node) -> usize {
        let Some(above) = self.above(node) else {
            return 1;
        };
        let same = |other: &&Node| self.name(**other) == self.name(node);
        let same = self.below(above).iter().filter(same);
        same.take_while(|other| **other != node).count() + 1
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}
