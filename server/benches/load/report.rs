//! Figures, as a table for people and as JSON for programs.

use std::path::Path;

use serde::Serialize;

#[derive(Serialize)]
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    goal: &'static str,
}

/// What was measured.
#[derive(Default)]
pub struct Report {
    figures: Vec<Figure>,
}

impl Report {
    pub fn add(&mut self, what: &str, value: f64, unit: &'static str, goal: &'static str) {
        eprintln!("  {what}: {value:.2} {unit}");
        self.figures.push(Figure { what: what.to_owned(), value, unit, goal });
    }

    pub fn print(&self) {
        println!("\n{:<64} {:>12} {:<5} goal", "what", "measured", "");
        for Figure { what, value, unit, goal } in &self.figures {
            println!("{what:<64} {value:>12.2} {unit:<5} {goal}");
        }
    }

    pub fn write(&self, file: &str) {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let report = serde_json::json!({ "cores": cores, "figures": self.figures });
        let file = Path::new(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, serde_json::to_string_pretty(&report).unwrap()).unwrap();
    }
}

/// The smallest value that `p` percent of the values do not exceed.
pub fn percentile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = (sorted.len() as f64 * p / 100.0).ceil().max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index between 1 and the length")]
    sorted.get(index as usize - 1).copied().unwrap_or(f64::NAN)
}

/// The value in the middle.
pub fn median(values: &mut [f64]) -> f64 {
    percentile(values, 50.0)
}
